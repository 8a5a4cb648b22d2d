using System.Collections.ObjectModel;
using System.Net;
using System.Text;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The rules of a virtual key, as pure functions of its state, a command and the time. Rules that projects share are in
/// <see cref="SecretHolderLifecycle"/>.
/// </summary>
internal static class VirtualKeyLifecycle
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = ReadOnlyDictionary<string, string>.Empty;

    public static Decision<VirtualKeyState> Create(
        string id, CreateVirtualKeyCommand command, StoredSecret secret, DateTimeOffset now)
    {
        if (command.ReplayOnly) return new(ChangeOutcome.NotFound, null);
        if (command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, null);
        var state = new VirtualKeyState
        {
            Id = id,
            ProjectId = command.Caller.Project.ToString(),
            Name = command.Name,
            Description = command.Description,
            Environment = command.Environment,
            PrincipalUserId = command.PrincipalUserId,
            ProviderCredentialIds = command.ProviderCredentialIds,
            ExpiresAt = command.ExpiresAt,
            DisabledAt = command.IsDisabled ? now : null,
            Permissions = NullIfEmpty(command.Permissions),
            ExternalId = command.ExternalId,
            Metadata = NullIfEmpty(command.Metadata),
            Config = KeyConfig.Normalize(command.Config),
            AllowedIps = Format(command.AllowedIps),
            Secrets = new SecretSet { CurrentSecret = secret },
            Revision = 1,
            CreatedAt = now,
            ChangedAt = now,
            LastEvent = StateEvent.Create(EventTypes.Created, command.Caller, now, secret.Id),
        };
        return FindTooLong(state) is { } outcome ? new(outcome, null) : new(ChangeOutcome.Done, state);
    }

    /// <summary>
    /// Sets the fields of the command. An earlier expiry also shortens the deadlines of retiring secrets; a later one
    /// extends none of them.
    /// </summary>
    public static Decision<VirtualKeyState> Update(
        VirtualKeyState state, UpdateVirtualKeyCommand command, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.KeyRevoked, state);
        if (command.SetsExpiresAt && command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, state);
        var next = state with
        {
            Name = command.Name ?? state.Name,
            Description = command.SetsDescription ? command.Description : state.Description,
            ProviderCredentialIds = command.ProviderCredentialIds ?? state.ProviderCredentialIds,
            ExpiresAt = command.SetsExpiresAt ? command.ExpiresAt : state.ExpiresAt,
            Permissions = command.Permissions is { } permissions ? NullIfEmpty(permissions) : state.Permissions,
            ExternalId = command.SetsExternalId ? command.ExternalId : state.ExternalId,
            Metadata = command.Metadata is { } metadata ? NullIfEmpty(metadata) : state.Metadata,
            Config = KeyConfig.ApplyPatch(state.Config, command.ConfigPatch),
            AllowedIps = command.AllowedIps is { } allowedIps ? Format(allowedIps) : state.AllowedIps,
        };
        if (FindTooLong(next) is { } outcome) return new(outcome, state);

        var endsSoon = command.SetsExpiresAt && SecretSetRules.IsSoon(next.ExpiresAt, now);
        var requiresInvalidation = endsSoon || MayNarrow(command);
        if (HasSameFields(next, state)) return new(ChangeOutcome.Done, state, requiresInvalidation);

        if (next.ExpiresAt is { } expiry)
        {
            next = next with
            {
                Secrets = next.Secrets.WithDeadlines(
                    secret => expiry < secret.ValidUntil ? expiry : secret.ValidUntil, now),
            };
        }

        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(next, EventTypes.Updated, command.Caller, now),
            requiresInvalidation);
    }

    /// <summary>Makes a new secret the current one.</summary>
    public static Decision<VirtualKeyState> Rotate(
        VirtualKeyState state,
        RotateSecretCommand command,
        Pepper pepper,
        DateTimeOffset now,
        DateTimeOffset eraseBefore)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.KeyRevoked, state);
        var secret = StoredSecret.From(state.SelectVariant(command), pepper, now);
        return SecretSetRules
            .Rotate(state.Secrets, secret, command.GracePeriod, state.ExpiresAt, now, eraseBefore)
            .ApplyTo(state, command.Caller, now, secrets => state with { Secrets = secrets });
    }

    public static Decision<VirtualKeyState> ExpireRetiringSecrets(
        VirtualKeyState state, ExpireRetiringSecretsCommand command, DateTimeOffset now) =>
        state.RevokedAt is not null
            ? new(ChangeOutcome.KeyRevoked, state)
            : SecretSetRules
                .ExpireRetiring(state.Secrets, command.Secret, now)
                .ApplyTo(state, command.Caller, now, secrets => state with { Secrets = secrets });

    public static Decision<VirtualKeyState> ChangeDeadline(
        VirtualKeyState state, ChangeDeadlineCommand command, DateTimeOffset now) =>
        state.RevokedAt is not null
            ? new(ChangeOutcome.KeyRevoked, state)
            : SecretSetRules
                .ChangeDeadline(state.Secrets, command.Secret, command.ValidUntil, state.ExpiresAt, now)
                .ApplyTo(state, command.Caller, now, secrets => state with { Secrets = secrets });

    /// <summary>
    /// Disables the key, which can be reverted. Grace periods continue to run. Disabling it again changes nothing and
    /// keeps the first reason.
    /// </summary>
    public static Decision<VirtualKeyState> Disable(
        VirtualKeyState state, Caller caller, string? reason, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.KeyRevoked, state);
        if (state.DisabledAt is not null) return new(ChangeOutcome.Done, state, RequiresInvalidation: true);
        var disabled = state with { DisabledAt = now, DisabledReason = reason };
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(disabled, EventTypes.Disabled, caller, now),
            RequiresInvalidation: true);
    }

    public static Decision<VirtualKeyState> Enable(VirtualKeyState state, Caller caller, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.KeyRevoked, state);
        if (state.DisabledAt is null) return new(ChangeOutcome.Done, state);
        var enabled = state with { DisabledAt = null, DisabledReason = null };
        return new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(enabled, EventTypes.Enabled, caller, now));
    }

    /// <summary>
    /// Revokes the key, which is final. The hashes are kept, so that verdicts report its secrets as revoked, not as
    /// unknown.
    /// </summary>
    public static Decision<VirtualKeyState> Revoke(VirtualKeyState state, Caller caller, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Done, state, RequiresInvalidation: true);
        var revoked = state with { RevokedAt = now };
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(revoked, EventTypes.Revoked, caller, now),
            RequiresInvalidation: true);
    }

    /// <summary>
    /// Returns whether a use may be refused after the command that some cache accepts. That is not decided by a
    /// comparison with the stored state: an earlier change, which was stored and not acknowledged, may be unknown to a
    /// cache, so that the command takes away there what it adds or repeats here. Only a gateway knows what the
    /// configuration permits.
    /// </summary>
    private static bool MayNarrow(UpdateVirtualKeyCommand command) =>
        command.Permissions is not null || command.AllowedIps is not null || command.ConfigPatch is not null;

    private static bool HasSameFields(VirtualKeyState next, VirtualKeyState state) =>
        next.Name == state.Name
        && next.Description == state.Description
        && next.ExpiresAt == state.ExpiresAt
        && next.ExternalId == state.ExternalId
        && next.Config == state.Config
        && next.ProviderCredentialIds.SequenceEqual(state.ProviderCredentialIds)
        && (next.Permissions ?? []).SequenceEqual(state.Permissions ?? [])
        && (next.AllowedIps ?? []).SequenceEqual(state.AllowedIps ?? [])
        && (next.Metadata ?? NoMetadata).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SequenceEqual((state.Metadata ?? NoMetadata).OrderBy(entry => entry.Key, StringComparer.Ordinal));

    /// <summary>Bounds the stored state, whatever is done to the key.</summary>
    private static ChangeOutcome? FindTooLong(VirtualKeyState state)
    {
        if (Encoding.UTF8.GetByteCount(state.Config ?? "") > VirtualKeyLimits.MaxConfigBytes)
            return ChangeOutcome.ConfigTooLong;

        IEnumerable<string?> texts =
        [
            state.Name, state.Description, state.PrincipalUserId, state.ExternalId,
            .. state.ProviderCredentialIds, .. state.Permissions ?? [], .. state.AllowedIps ?? [],
            .. (state.Metadata ?? NoMetadata).SelectMany(entry => new[] { entry.Key, entry.Value }),
        ];
        return texts.Sum(text => StateJson.CountBytes(text ?? "")) > VirtualKeyLimits.MaxTextBytes
            ? ChangeOutcome.TextTooLong
            : null;
    }

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> texts) => texts.Count == 0 ? null : texts;

    private static IReadOnlyDictionary<string, string>? NullIfEmpty(IReadOnlyDictionary<string, string> texts) =>
        texts.Count == 0 ? null : texts;

    private static IReadOnlyList<string>? Format(IReadOnlyList<IPNetwork> ranges) =>
        NullIfEmpty([.. ranges.Select(range => range.ToString())]);
}

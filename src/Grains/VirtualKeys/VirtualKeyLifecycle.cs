using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The rules of a virtual key as pure functions of its state, a command and now, beside those it shares with projects in
/// <see cref="SecretOwnerLifecycle"/>.
/// </summary>
internal static class VirtualKeyLifecycle
{
    public static Decision<VirtualKeyState?> Create(
        string id, CreateVirtualKey command, StoredSecret secret, DateTimeOffset now)
    {
        if (command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, null);
        return new(ChangeOutcome.Done, new VirtualKeyState
        {
            Id = id,
            ProjectId = command.Caller.Project.ToString(),
            Name = command.Name,
            Description = command.Description,
            Environment = command.Environment,
            PrincipalUserId = command.PrincipalUserId,
            ProviderCredentialIds = command.ProviderCredentialIds,
            ExpiresAt = command.ExpiresAt,
            Secrets = new SecretSet { Current = secret },
            Revision = 1,
            CreatedAt = now,
            Change = new Change("created", command.Caller.Actor, now),
        });
    }

    /// <summary>
    /// The key with the fields that the command sets; the same state when that changes nothing. An earlier expiry ends
    /// retiring secrets with it; a later one prolongs none of them.
    /// </summary>
    public static Decision<VirtualKeyState> Update(VirtualKeyState state, UpdateVirtualKey command, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Revoked, state);
        if (command.SetsExpiresAt && command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, state);
        var next = state with
        {
            Name = command.Name ?? state.Name,
            Description = command.SetsDescription ? command.Description : state.Description,
            ProviderCredentialIds = command.ProviderCredentialIds ?? state.ProviderCredentialIds,
            ExpiresAt = command.SetsExpiresAt ? command.ExpiresAt : state.ExpiresAt,
        };
        var isSame = next.Name == state.Name && next.Description == state.Description && next.ExpiresAt == state.ExpiresAt
            && next.ProviderCredentialIds.SequenceEqual(state.ProviderCredentialIds);
        if (isSame) return new(ChangeOutcome.Done, state);

        if (next.ExpiresAt is { } expiry)
        {
            next = next with
            {
                Secrets = next.Secrets.Move(secret => expiry < secret.ValidUntil ? expiry : secret.ValidUntil, now),
            };
        }

        return new(ChangeOutcome.Done, Changed(next, "updated", command.Caller, now));
    }

    /// <summary>Reversible; running graces go on. Disabling again changes nothing, the first reason included.</summary>
    public static Decision<VirtualKeyState> Disable(
        VirtualKeyState state, Caller caller, string? reason, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Revoked, state);
        return new(ChangeOutcome.Done, state.DisabledAt is not null
            ? state
            : Changed(state with { DisabledAt = now, DisabledReason = reason }, "disabled", caller, now));
    }

    public static Decision<VirtualKeyState> Enable(VirtualKeyState state, Caller caller, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Revoked, state);
        return new(ChangeOutcome.Done, state.DisabledAt is null
            ? state
            : Changed(state with { DisabledAt = null, DisabledReason = null }, "enabled", caller, now));
    }

    /// <summary>Final. The hashes stay, so that the key's secrets are told to be revoked and not unknown.</summary>
    public static Decision<VirtualKeyState> Revoke(VirtualKeyState state, Caller caller, DateTimeOffset now) =>
        new(ChangeOutcome.Done, state.RevokedAt is not null
            ? state
            : Changed(state with { RevokedAt = now }, "revoked", caller, now));

    /// <summary>A rule of <see cref="SecretOwnerLifecycle"/>, for a key that is not revoked.</summary>
    public static Decision<VirtualKeyState> UnlessRevoked(
        VirtualKeyState state, Func<VirtualKeyState, Decision<VirtualKeyState>> rule) =>
        state.RevokedAt is null ? rule(state) : new(ChangeOutcome.Revoked, state);

    /// <summary>What a secret of this key is worth now.</summary>
    public static VerdictCode Validate(VirtualKeyState state, StoredSecret secret, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return VerdictCode.Revoked;
        if (secret.HasEnded(now)) return VerdictCode.ExpiredSecret;
        if (state.ExpiresAt <= now) return VerdictCode.Expired;
        if (state.DisabledAt is not null) return VerdictCode.Disabled;
        return secret.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring;
    }

    private static VirtualKeyState Changed(VirtualKeyState state, string action, Caller caller, DateTimeOffset now) =>
        SecretOwnerLifecycle.Changed<VirtualKeyState, VirtualKey>(state, action, caller, now);
}

using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The rules of a virtual key as pure functions of its state, a command and now. Every rule that the grain, the
/// validators and the list rely on is here and nowhere else.
/// </summary>
internal static class VirtualKeyLifecycle
{
    public static VirtualKeyState Create(string id, CreateVirtualKey command, StoredSecret secret, DateTimeOffset now) =>
        new()
        {
            Id = id,
            ProjectId = command.Caller.Project.ToString(),
            Name = command.Name,
            Description = command.Description,
            Environment = command.Environment,
            PrincipalUserId = command.PrincipalUserId,
            ProviderCredentialIds = command.ProviderCredentialIds,
            Secrets = new SecretSet { Current = secret },
            Revision = 1,
            CreatedAt = now,
            Change = new Change("created", command.Caller.Actor, now),
        };

    /// <summary>The key with the fields that the command sets; the same state when that changes nothing.</summary>
    public static Decision<VirtualKeyState> Update(VirtualKeyState state, UpdateVirtualKey command, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Revoked, state);
        var next = state with
        {
            Name = command.Name ?? state.Name,
            Description = command.SetsDescription ? command.Description : state.Description,
            ProviderCredentialIds = command.ProviderCredentialIds ?? state.ProviderCredentialIds,
        };
        var isSame = next.Name == state.Name && next.Description == state.Description
            && next.ProviderCredentialIds.SequenceEqual(state.ProviderCredentialIds);
        return new(ChangeOutcome.Done, isSame ? state : Changed(next, "updated", command.Caller.Actor, now));
    }

    public static Decision<VirtualKeyState> Rotate(
        VirtualKeyState state, StoredSecret secret, string actor, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Revoked, state);
        var rotated = state.Secrets.Rotate(secret, GracePeriod.Default, now);
        return rotated is null
            ? new(ChangeOutcome.TooManyRetiringSecrets, state)
            : new(ChangeOutcome.Done, Changed(state with { Secrets = rotated }, "rotated", actor, now));
    }

    /// <summary>Final. The hashes stay, so that the key's secrets are told to be revoked and not unknown.</summary>
    public static Decision<VirtualKeyState> Revoke(VirtualKeyState state, string actor, DateTimeOffset now) =>
        new(ChangeOutcome.Done, state.RevokedAt is not null
            ? state
            : Changed(state with { RevokedAt = now }, "revoked", actor, now));

    /// <summary>The key without the hashes of secrets whose deadline has passed; not a change that people see.</summary>
    public static VirtualKeyState EraseEnded(VirtualKeyState state, DateTimeOffset now)
    {
        var remaining = state.Secrets.WithoutEnded(now);
        return ReferenceEquals(remaining, state.Secrets) ? state : state with { Secrets = remaining };
    }

    /// <summary>What a secret with this hash is worth now, and until when if it has a deadline.</summary>
    public static (VerdictCode Code, DateTimeOffset? ValidUntil) Validate(
        VirtualKeyState state, ReadOnlySpan<byte> hash, DateTimeOffset now)
    {
        var secret = state.Secrets.Find(hash);
        if (secret is null) return (VerdictCode.NotFound, null);
        if (state.RevokedAt is not null) return (VerdictCode.Revoked, null);
        if (secret.ValidUntil is null) return (VerdictCode.Active, null);
        return (secret.HasEnded(now) ? VerdictCode.ExpiredSecret : VerdictCode.Retiring, secret.ValidUntil);
    }

    private static VirtualKeyState Changed(VirtualKeyState state, string action, string actor, DateTimeOffset now) =>
        state with { Revision = state.Revision + 1, Change = new Change(action, actor, now) };
}

using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The rules of secrets that are rotated together, as pure functions of the set, a command and the time. Virtual keys
/// and API keys share them.
/// </summary>
internal static class SecretSetRules
{
    /// <summary>
    /// Returns whether an end is so near that some cache may not have applied the change by then. It is a difference of
    /// two instants of one clock, so it does not depend on the time that the clock shows.
    /// </summary>
    public static bool IsSoon(DateTimeOffset? end, DateTimeOffset now) => end - now < LeaseOptions.MaxPropagation;

    /// <summary>
    /// Makes a secret the current one and retires the one before it. Hashes that expired up to
    /// <paramref name="eraseBefore"/> are erased.
    /// </summary>
    /// <param name="secrets">The set.</param>
    /// <param name="secret">The new secret.</param>
    /// <param name="gracePeriod">How long the replaced secret stays valid.</param>
    /// <param name="expiry">The instant that no deadline may exceed; null for no limit.</param>
    /// <param name="now">The time.</param>
    /// <param name="eraseBefore">The time up to which expired hashes are erased.</param>
    public static SecretSetDecision Rotate(
        SecretSet secrets,
        StoredSecret secret,
        TimeSpan gracePeriod,
        DateTimeOffset? expiry,
        DateTimeOffset now,
        DateTimeOffset eraseBefore)
    {
        // The same rotation, repeated by a caller that did not receive the response.
        if (secrets.Find(secret.Id) is not null) return new(ChangeOutcome.Done, RequiresInvalidation: true);

        var deadline = Min(now + gracePeriod, expiry);
        if (secrets.Rotate(secret, deadline, now, eraseBefore) is not { } rotated)
            return new(ChangeOutcome.TooManyRetiringSecrets);
        return new(ChangeOutcome.Done, rotated, EventTypes.Rotated, secret.Id, IsSoon(deadline, now));
    }

    /// <summary>
    /// Expires one or all retiring secrets now. A secret whose deadline has passed by the clock of this silo is expired
    /// as well when all are: another silo, whose clock is behind, may still accept it.
    /// </summary>
    public static SecretSetDecision ExpireRetiring(SecretSet secrets, SecretId? secret, DateTimeOffset now)
    {
        if (secret is { } id && secrets.FindRetiring(id, now) is null)
        {
            // Some cache may not know yet that the secret has expired, such as after a failed first attempt.
            var hasExpired = secrets.Replaced.Any(replaced => replaced.Id == id.ToString());
            return new(ChangeOutcome.RetiringSecretNotFound, RequiresInvalidation: hasExpired);
        }

        var only = secret?.ToString();
        var expired = secrets.Expire(replaced => only is null || replaced.Id == only, now);
        return ReferenceEquals(expired, secrets)
            ? new(ChangeOutcome.Done, RequiresInvalidation: true)
            : new(ChangeOutcome.Done, expired, EventTypes.SecretsExpired, only, RequiresInvalidation: true);
    }

    /// <summary>Changes the deadline of a retiring secret. Setting the same deadline changes nothing.</summary>
    public static SecretSetDecision ChangeDeadline(
        SecretSet secrets, SecretId secret, DateTimeOffset validUntil, DateTimeOffset? expiry, DateTimeOffset now)
    {
        if (secrets.FindRetiring(secret, now) is not { } retiring) return new(ChangeOutcome.RetiringSecretNotFound);
        if (validUntil <= now) return new(ChangeOutcome.DeadlineInThePast);
        if (validUntil > now + GracePeriod.Maximum) return new(ChangeOutcome.DeadlineTooFar);
        if (validUntil > expiry) return new(ChangeOutcome.DeadlinePastExpiry);

        // Also when it is set again, or later: some cache may not know an earlier one, whose invalidation failed.
        var endsSoon = IsSoon(validUntil, now);
        if (validUntil == retiring.ValidUntil) return new(ChangeOutcome.Done, RequiresInvalidation: endsSoon);
        var changed = secrets.WithDeadlines(
            replaced => replaced.Id == retiring.Id ? validUntil : replaced.ValidUntil, now);
        return new(ChangeOutcome.Done, changed, EventTypes.DeadlineChanged, retiring.Id, endsSoon);
    }

    private static DateTimeOffset Min(DateTimeOffset deadline, DateTimeOffset? limit) =>
        limit < deadline ? limit.Value : deadline;
}

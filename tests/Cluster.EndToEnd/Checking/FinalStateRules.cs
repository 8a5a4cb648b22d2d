using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// The rules of the final state of a key: it contains every acknowledged change, and no change that no client
/// requested.
/// </summary>
internal static class FinalStateRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall read) =>
        [.. CheckStatus(key, read), .. CheckSecrets(key, read), .. CheckRevision(key, read)];

    private static IEnumerable<Violation> CheckStatus(KeyHistory key, RecordedCall read)
    {
        var view = read.View!;
        if (!view.IsRevoked && key.FindRevocationBefore(read.Start) is { } revocation)
            yield return ChangeLost("The key is not revoked.", read, revocation);
        if (view.IsRevoked && !key.MayBeRevokedBy(read.End))
            yield return ChangeLost("The key is revoked, but no client revoked it.", read);
        if (!view.IsDisabled && key.FindDisableThroughout(read) is { } disabling)
            yield return ChangeLost("The key is not disabled.", read, disabling);
        if (view.IsDisabled && !key.MayBeDisabledDuring(read))
            yield return ChangeLost("The key is disabled, but was enabled later.", read);
    }

    /// <summary>
    /// A secret that cannot have expired is the current one or is retiring, with the deadline that a response
    /// contained.
    /// </summary>
    private static IEnumerable<Violation> CheckSecrets(KeyHistory key, RecordedCall read)
    {
        var view = read.View!;
        foreach (var (secret, issuance) in key.Issuances)
        {
            // A revoked key shows only its current secret.
            var isShown = secret == view.Secret || view.Retiring.ContainsKey(secret) || view.IsRevoked;
            if (!isShown && !key.MayHaveExpiredBy(secret, read.End))
                yield return ChangeLost($"The secret {secret} is missing.", read, issuance);

            if (view.Retiring.TryGetValue(secret, out var actual)
                && key.GetDeadline(secret) is { } expected
                && actual != expected)
            {
                yield return ChangeLost(
                    $"The deadline of the secret {secret} is {actual:O} instead of {expected:O}.", read, issuance);
            }

            if (secret == view.Secret && FindReplacement(key, issuance) is { } rotation)
                yield return ChangeLost($"The secret {secret} is current, but was replaced.", read, rotation);
        }
    }

    private static RecordedCall? FindReplacement(KeyHistory key, RecordedCall issuance) =>
        key.GetChanges(CallKind.Rotate).FirstOrDefault(rotation =>
            rotation.Outcome == Outcome.Done
            && issuance.End < rotation.Start
            && rotation.View!.Secret != issuance.View!.Secret);

    /// <summary>Each acknowledged rotation counts once, and no other change counts more than once.</summary>
    private static IEnumerable<Violation> CheckRevision(KeyHistory key, RecordedCall read)
    {
        var rotations = key.GetChanges(CallKind.Rotate).ToList();
        var otherChanges = key.Calls.Count(
            call => call.IsChange && call.Kind is not (CallKind.Create or CallKind.Rotate));
        var min = 1 + rotations.Count(call => call.Outcome == Outcome.Done);
        var max = 1 + rotations.Count + otherChanges;
        var revision = read.View!.Revision;
        if (revision < min || revision > max)
            yield return ChangeLost($"The revision is {revision}, which is not from {min} to {max}.", read);
    }

    private static Violation ChangeLost(string message, RecordedCall read, RecordedCall? because = null) =>
        new(RuleNames.ChangeLost, message, read, because);
}

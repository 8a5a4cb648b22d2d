using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of a key as it is read at the end: no acknowledged change is lost, and none came from nowhere.</summary>
internal static class FinalStateRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall read)
    {
        var view = read.View!;
        if (!view.IsRevoked && key.FindRevocationBefore(read.Start) is { } revocation)
            yield return ChangeLost("The key is not revoked.", read, revocation);
        if (view.IsRevoked && !key.MayBeRevokedBy(read.End))
            yield return ChangeLost("The key is revoked, and nobody revoked it.", read);
        if (!view.IsDisabled && key.FindDisableThroughout(read) is { } disabling)
            yield return ChangeLost("The key is not disabled.", read, disabling);
        if (view.IsDisabled && !key.MayBeDisabledDuring(read))
            yield return ChangeLost("The key is disabled, and was enabled since.", read);

        foreach (var violation in CheckSecrets(key, read, view).Concat(CheckRevision(key, read, view))) yield return violation;
    }

    /// <summary>A secret that cannot have ended is the current one or retires, with the deadline that it was promised.</summary>
    private static IEnumerable<Violation> CheckSecrets(KeyHistory key, RecordedCall read, KeyView view)
    {
        foreach (var (secret, issue) in key.Issuances)
        {
            // A revoked key shows its current secret alone.
            var isShown = secret == view.Secret || view.Retiring.ContainsKey(secret) || view.IsRevoked;
            if (!isShown && !key.MayHaveExpiredBy(secret, read.End)) yield return ChangeLost($"The secret {secret} is gone.", read, issue);
            if (view.Retiring.TryGetValue(secret, out var told) && key.GetDeadline(secret) is { } promised && told != promised)
                yield return ChangeLost($"The secret {secret} ends {told:O}, and was promised {promised:O}.", read, issue);
            if (secret == view.Secret && FindReplacement(key, issue) is { } rotation)
                yield return ChangeLost($"The secret {secret} is current, and was replaced.", read, rotation);
        }
    }

    private static RecordedCall? FindReplacement(KeyHistory key, RecordedCall issue) => key.GetChanges(CallKind.Rotate).FirstOrDefault(rotation =>
        rotation.Outcome == Outcome.Done && issue.End < rotation.Start && rotation.View!.Secret != issue.View!.Secret);

    /// <summary>Each rotation that was answered counts, and no change counts more than once.</summary>
    private static IEnumerable<Violation> CheckRevision(KeyHistory key, RecordedCall read, KeyView view)
    {
        var done = key.GetChanges(CallKind.Rotate).Count(call => call.Outcome == Outcome.Done);
        var possible = key.Calls.Where(call => call.IsChange && call.Kind is not (CallKind.Create or CallKind.Rotate)).Count()
            + key.GetChanges(CallKind.Rotate).Count();
        if (view.Revision < 1 + done || view.Revision > 1 + possible)
            yield return ChangeLost($"The revision is {view.Revision}, not from {1 + done} to {1 + possible}.", read);
    }

    private static Violation ChangeLost(string message, RecordedCall read, RecordedCall? because = null) => new("ChangeLost", message, read, because);
}

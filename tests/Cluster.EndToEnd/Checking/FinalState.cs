using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of a key as it is read at the end: no acknowledged change is lost, and none came from nowhere.</summary>
internal static class FinalState
{
    public static IEnumerable<Violation> Check(KeyHistory key, Call read)
    {
        var view = read.View!;
        if (!view.IsRevoked && key.RevokedBefore(read.Start) is { } revocation)
            yield return Lost("The key is not revoked.", read, revocation);
        if (view.IsRevoked && !key.MayBeRevokedBy(read.End))
            yield return Lost("The key is revoked, and nobody revoked it.", read);
        if (!view.IsDisabled && key.DisabledThroughout(read) is { } disabling)
            yield return Lost("The key is not disabled.", read, disabling);
        if (view.IsDisabled && !key.MayBeDisabledIn(read))
            yield return Lost("The key is disabled, and was enabled since.", read);

        foreach (var violation in Secrets(key, read, view).Concat(Revisions(key, read, view))) yield return violation;
    }

    /// <summary>A secret that cannot have ended is the current one or retires, with the deadline that it was promised.</summary>
    private static IEnumerable<Violation> Secrets(KeyHistory key, Call read, KeyView view)
    {
        foreach (var (secret, issue) in key.Issues)
        {
            // A revoked key shows its current secret alone.
            var isShown = secret == view.Secret || view.Retiring.ContainsKey(secret) || view.IsRevoked;
            if (!isShown && !key.MayHaveEndedBy(secret, read.End)) yield return Lost($"The secret {secret} is gone.", read, issue);
            if (view.Retiring.TryGetValue(secret, out var told) && key.Deadline(secret) is { } promised && told != promised)
                yield return Lost($"The secret {secret} ends {told:O}, and was promised {promised:O}.", read, issue);
            if (secret == view.Secret && Replacement(key, issue) is { } rotation)
                yield return Lost($"The secret {secret} is current, and was replaced.", read, rotation);
        }
    }

    private static Call? Replacement(KeyHistory key, Call issue) => key.Changes(CallKind.Rotate).FirstOrDefault(rotation =>
        rotation.Outcome == Outcome.Done && issue.End < rotation.Start && rotation.View!.Secret != issue.View!.Secret);

    /// <summary>Each rotation that was answered counts, and no change counts more than once.</summary>
    private static IEnumerable<Violation> Revisions(KeyHistory key, Call read, KeyView view)
    {
        var done = key.Changes(CallKind.Rotate).Count(call => call.Outcome == Outcome.Done);
        var possible = key.Calls.Where(call => call.IsChange && call.Kind is not (CallKind.Create or CallKind.Rotate)).Count()
            + key.Changes(CallKind.Rotate).Count();
        if (view.Revision < 1 + done || view.Revision > 1 + possible)
            yield return Lost($"The revision is {view.Revision}, not from {1 + done} to {1 + possible}.", read);
    }

    private static Violation Lost(string message, Call read, Call? because = null) => new("ChangeLost", message, read, because);
}

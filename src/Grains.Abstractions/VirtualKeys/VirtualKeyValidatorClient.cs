using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.Validation;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Answers in an Orleans client from what a silo has said, under the client's lease: no call for a secret that is good and
/// known here. Anything else asks a silo, and another one when that does not answer; it takes 3 seconds at most.
/// </summary>
internal sealed class VirtualKeyValidatorClient(
    IGrainFactory grains, LeasedMemory<KnownSecrets> memory, UseReports uses, ValidationCounter counter, TimeProvider time)
    : IVirtualKeyValidator
{
    public ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var parsed)) return new(Counted(Verdict.Malformed));
        var secret = new PresentedSecret(parsed);
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.WriteOwnerOf(parsed, key);
        var now = time.GetUtcNow();
        return memory.Find(key)?.Find(secret.Fingerprint, now) is { Verdict: { } verdict } known && IsOf(project, verdict)
            ? new(Reported(Counted(verdict), known, now))
            : Ask(VirtualKeyId.OwnerOf(parsed), secret, project);
    }

    private async ValueTask<Verdict> Ask(VirtualKeyId key, PresentedSecret presented, ProjectId? project)
    {
        using var pending = memory.Begin(key.ToString());
        try
        {
            var digest = presented.Digest();
            var (verdict, age) = await AnySilo.Ask(grains, async silo => Known(await silo.ValidateDated(key, digest, project)));
            if (!verdict.IsValid) return verdict;

            var now = time.GetUtcNow();
            var secret = new KnownSecret(presented.Fingerprint, verdict.SecretId!.Value, NextEnd(verdict, now), verdict);
            var readAt = pending.Timestamp - (long)(age.TotalSeconds * time.TimestampFrequency);
            pending.Keep(new KnownSecrets(pending.Epoch, readAt, verdict.Key!.Revision, secret));
            return Reported(verdict, secret, now);
        }
        catch (ValidationUnavailableException)
        {
            return Counted(Verdict.Unavailable);
        }
    }

    /// <summary>For what no silo has counted.</summary>
    private Verdict Counted(Verdict verdict)
    {
        counter.Add(verdict.Code);
        return verdict;
    }

    private Verdict Reported(Verdict verdict, KnownSecret secret, DateTimeOffset now)
    {
        uses.OfVirtualKey(verdict, secret, now);
        return verdict;
    }

    private static bool IsOf(ProjectId? project, Verdict verdict) => project is not { } scope || scope == verdict.Key!.ProjectId;

    private static DatedVerdict Known(DatedVerdict answer) =>
        answer.Verdict.Code == VerdictCode.Unavailable ? throw new ValidationUnavailableException() : answer;

    /// <summary>When a deadline or the expiry next changes what the verdict says.</summary>
    private static DateTimeOffset NextEnd(Verdict verdict, DateTimeOffset now)
    {
        var key = verdict.Key!;
        var end = Earlier(DateTimeOffset.MaxValue, key.ExpiresAt, verdict.ValidUntil);
        foreach (var secret in key.RetiringSecrets)
            if (secret.ValidUntil > now) end = Earlier(end, secret.ValidUntil);
        return end;
    }

    private static DateTimeOffset Earlier(DateTimeOffset end, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
            if (other < end) end = other.Value;
        return end;
    }
}

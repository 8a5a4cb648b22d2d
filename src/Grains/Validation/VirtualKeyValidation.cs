using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Validation;

/// <summary>Tells what a presented secret is worth, from memory when that proves it, else by a read.</summary>
internal sealed class VirtualKeyValidation(
    HeldStates<VirtualKeyState> held,
    StateReader<VirtualKeyState> reader,
    Pepper pepper,
    ValidationCounter counter,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    /// <summary>
    /// How long after a retiring secret's deadline a state must have been read to prove that nobody has moved it: silos'
    /// clocks may differ by as much.
    /// </summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>The verdict as of now, when memory proves it; false when it takes a <see cref="Read"/>.</summary>
    public bool TryProve(ReadOnlySpan<char> key, in PresentedSecret presented, ProjectId? project, out Judgement judgement)
    {
        judgement = default;
        if (held.Find(key) is not { } known) return false;
        judgement = Judge(known, presented, project);
        if (!IsProven(judgement.Verdict, known)) return false;
        counter.Add(judgement.Verdict.Code);
        return true;
    }

    /// <summary>The verdict by a read that begins now; <see cref="Verdict.Unavailable"/> when it cannot be found out.</summary>
    public async ValueTask<Judgement> Read(string key, PresentedSecret presented, ProjectId? project)
    {
        var judgement = new Judgement(Verdict.Unavailable);
        if (await reader.Read(key) is { } read && held.IsUsable(read)) judgement = Judge(read, presented, project);
        counter.Add(judgement.Verdict.Code);
        return judgement;
    }

    private Judgement Judge(HeldState<VirtualKeyState> known, in PresentedSecret presented, ProjectId? project)
    {
        if (known.State is not { } state) return new(Verdict.NotFound);
        if (project is { } scope && scope.ToString() != state.ProjectId) return new(Verdict.NotFound);
        var secret = known.Verified(presented.Fingerprint);
        if (secret is null)
        {
            if (state.Secrets.Find(pepper.Hash(presented.Digest())) is not { } stored) return new(Verdict.NotFound);
            secret = known.Remember(presented.Fingerprint, stored);
        }

        var now = time.GetNow();
        if (secret.Verdict is not { } timed || !timed.Holds(now)) secret.Verdict = timed = VerdictOn(state, secret.Secret, now);
        return new(timed.Verdict, secret, now, known.Timestamp);
    }

    private static TimedVerdict VerdictOn(VirtualKeyState state, StoredSecret secret, DateTimeOffset now)
    {
        var code = VirtualKeyLifecycle.Validate(state, secret, now);
        var verdict = new Verdict
        {
            Code = code,
            Key = state.View(now),
            ValidUntil = code is VerdictCode.Retiring or VerdictCode.ExpiredSecret ? secret.ValidUntil : null,
            SecretId = SecretId.Parse(secret.Id),
        };
        return new TimedVerdict(verdict, now, state.NextEnd(now));
    }

    /// <summary>
    /// Whether a state in memory is enough: for what is good, since its end would have been told; for what is bad finally.
    /// </summary>
    private static bool IsProven(Verdict verdict, HeldState<VirtualKeyState> known) => verdict.Code switch
    {
        VerdictCode.Active or VerdictCode.Retiring or VerdictCode.Revoked => true,
        VerdictCode.ExpiredSecret => known.ReadAt > verdict.ValidUntil + ClockSkew,
        _ => false,
    };
}

using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Validation;

/// <summary>Tells what a presented secret is worth, from memory when that proves it, else by a read.</summary>
internal sealed class VirtualKeyValidation(
    HeldStates<VirtualKeyState> held,
    StateReader<VirtualKeyState> reader,
    Pepper pepper,
    KeysInstruments instruments,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    /// <summary>
    /// How long after a retiring secret's deadline a state must have been read to prove that nobody has moved it: silos'
    /// clocks may differ by as much.
    /// </summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>The verdict as of now; <see cref="Verdict.Unavailable"/> when it cannot be found out.</summary>
    public ValueTask<Verdict> Validate(GrainId key, SecretDigest digest, ProjectId? project)
    {
        var hash = pepper.Hash(digest);
        if (held.Find(key) is { } known)
        {
            var verdict = Judge(known.State, hash, project);
            if (IsProven(verdict, known)) return new(Counted(verdict));
        }

        return Read(key, hash, project);
    }

    private async ValueTask<Verdict> Read(GrainId key, byte[] hash, ProjectId? project)
    {
        try
        {
            var read = await reader.Read(key);
            return Counted(held.IsUsable(read) ? Judge(read.State, hash, project) : Verdict.Unavailable);
        }
        catch (StorageUnavailableException)
        {
            return Counted(Verdict.Unavailable);
        }
    }

    private Verdict Judge(VirtualKeyState? state, byte[] hash, ProjectId? project)
    {
        if (state is null) return Verdict.NotFound;
        if (project is { } scope && scope.ToString() != state.ProjectId) return Verdict.NotFound;
        if (state.Secrets.Find(hash) is not { } secret) return Verdict.NotFound;

        var now = time.GetNow();
        var code = VirtualKeyLifecycle.Validate(state, secret, now);
        return new Verdict
        {
            Code = code,
            Key = state.View(now),
            ValidUntil = code is VerdictCode.Retiring or VerdictCode.ExpiredSecret ? secret.ValidUntil : null,
            SecretId = SecretId.Parse(secret.Id),
        };
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

    private Verdict Counted(Verdict verdict)
    {
        instruments.Validated(verdict.Code);
        return verdict;
    }
}

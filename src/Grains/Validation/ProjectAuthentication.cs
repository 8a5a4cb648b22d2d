using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Validation;

/// <summary>Tells whether an API key of a project is good, by the same rules as <see cref="VirtualKeyValidation"/>.</summary>
internal sealed class ProjectAuthentication(
    HeldStates<ProjectState> held,
    StateReader<ProjectState> reader,
    Pepper pepper,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    /// <summary>The API key that was presented, when it works now and memory proves it; null when it takes a <see cref="Read"/>.</summary>
    public ProvenApiKey? Prove(ReadOnlySpan<char> project, in PresentedSecret presented) =>
        held.Find(project) is { } known ? Good(known, presented) : null;

    /// <summary>The API key that was presented, when it works now by a read that begins now; null when there is none.</summary>
    /// <exception cref="ValidationUnavailableException">It cannot be found out.</exception>
    public async ValueTask<ProvenApiKey?> Read(string project, PresentedSecret presented) =>
        await reader.Read(project) is { } read && held.IsUsable(read)
            ? Good(read, presented)
            : throw new ValidationUnavailableException();

    private ProvenApiKey? Good(HeldState<ProjectState> known, in PresentedSecret presented)
    {
        if (known.State is not { } state) return null;
        var secret = known.Verified(presented.Fingerprint);
        if (secret is null)
        {
            if (state.Secrets.Find(pepper.Hash(presented.Digest())) is not { } stored) return null;
            secret = known.Remember(presented.Fingerprint, stored);
        }

        var now = time.GetNow();
        return secret.Secret.HasEnded(now) ? null : new(secret, known.Revision, now, known.Timestamp);
    }
}

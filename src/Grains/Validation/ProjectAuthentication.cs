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
    /// <summary>The API key that has a digest and works now, when memory proves it; null when it takes a <see cref="Read"/>.</summary>
    public ProvenApiKey? Prove(ReadOnlySpan<char> project, in SecretDigest digest) =>
        held.Find(project) is { } known ? Good(known, digest) : null;

    /// <summary>The API key that has a digest and works now, by a read that begins now; null when there is none.</summary>
    /// <exception cref="ValidationUnavailableException">It cannot be found out.</exception>
    public async ValueTask<ProvenApiKey?> Read(string project, SecretDigest digest) =>
        await reader.Read(project) is { } read && held.IsUsable(read)
            ? Good(read, digest)
            : throw new ValidationUnavailableException();

    private ProvenApiKey? Good(HeldState<ProjectState> known, in SecretDigest digest)
    {
        if (known.State is not { } state) return null;
        var secret = known.Verified(digest);
        if (secret is null)
        {
            if (state.Secrets.Find(pepper.Hash(digest)) is not { } stored) return null;
            secret = known.Remember(digest, stored);
        }

        var now = time.GetNow();
        return secret.Secret.HasEnded(now) ? null : new(secret, known.Revision, now, known.Timestamp);
    }
}

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
    /// <summary>The id of the API key that matched and works; null when none does.</summary>
    /// <exception cref="ValidationUnavailableException">It cannot be found out.</exception>
    public async ValueTask<string?> Authenticate(GrainId project, SecretDigest digest)
    {
        var hash = pepper.Hash(digest);
        if (held.Find(project) is { } known && GoodKey(known.State, hash) is { } apiKey) return apiKey;

        try
        {
            var read = await reader.Read(project);
            return held.IsUsable(read) ? GoodKey(read.State, hash) : throw new ValidationUnavailableException();
        }
        catch (StorageUnavailableException)
        {
            throw new ValidationUnavailableException();
        }
    }

    private string? GoodKey(ProjectState? state, byte[] hash) =>
        state?.Secrets.Find(hash) is { } apiKey && !apiKey.HasEnded(time.GetNow()) ? apiKey.Id : null;
}

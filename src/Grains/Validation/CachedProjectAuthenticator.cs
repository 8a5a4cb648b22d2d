using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>As <see cref="CachedVirtualKeyValidator"/>, for the API keys of projects.</summary>
internal sealed class CachedProjectAuthenticator(ProjectAuthentication authentication, UseReports uses) : IProjectAuthenticator
{
    public ValueTask<bool> AuthenticateAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectId.WriteOwnerOf(apiKey, project);
        if (authentication.Prove(project, presented) is not { } proven) return Read(apiKey, presented);
        uses.OfProject(apiKey, proven.Secret, proven.At);
        return new(true);
    }

    private async ValueTask<bool> Read(Secret apiKey, PresentedSecret presented)
    {
        if (await authentication.Read(ProjectId.OwnerOf(apiKey).ToString(), presented) is not { } proven) return false;
        uses.OfProject(apiKey, proven.Secret, proven.At);
        return true;
    }
}

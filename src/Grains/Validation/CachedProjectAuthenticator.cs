using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>As <see cref="CachedVirtualKeyValidator"/>, for the API keys of projects.</summary>
internal sealed class CachedProjectAuthenticator(ProjectAuthentication authentication, UseReports uses) : IProjectAuthenticator
{
    public ValueTask<bool> AuthenticateAsync(Secret apiKey)
    {
        var digest = apiKey.Digest();
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectId.WriteOwnerOf(apiKey, project);
        if (authentication.Prove(project, digest) is not { } proven) return Read(apiKey, digest);
        uses.OfProject(apiKey, proven.Secret, proven.At);
        return new(true);
    }

    private async ValueTask<bool> Read(Secret apiKey, SecretDigest digest)
    {
        if (await authentication.Read(ProjectId.OwnerOf(apiKey).ToString(), digest) is not { } proven) return false;
        uses.OfProject(apiKey, proven.Secret, proven.At);
        return true;
    }
}

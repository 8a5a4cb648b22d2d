using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>An operation of the API, and who may call it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path in the OpenAPI document.</param>
/// <param name="Permission">The permission that an API key needs; null if no API key may call it.</param>
/// <param name="Retiring">Whether a retiring API key may call it.</param>
/// <param name="Admin">Whether the admin key may call it.</param>
internal sealed record Operation(
    string Method, string Path, string? Permission, bool Retiring = false, bool Admin = false)
{
    public HttpMethod HttpMethod => new(Method);

    /// <summary>Returns the path with ids. Keys and secrets that are not named are unknown ones.</summary>
    public string GetPath(
        string project, string virtualKey = UnknownIds.VirtualKey, string apiKey = UnknownIds.ApiKey)
    {
        var isProject = Path.StartsWith(Routes.Projects, StringComparison.Ordinal);
        return Path.Replace("{id}", isProject ? project : virtualKey, StringComparison.Ordinal)
            .Replace("{key_id}", apiKey, StringComparison.Ordinal)
            .Replace("{secret_id}", UnknownIds.Secret, StringComparison.Ordinal);
    }

    public override string ToString() => $"{Method} {Path}";
}

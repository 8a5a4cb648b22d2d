using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>The API keys of projects, which authenticate REST clients: <c>sk-lw-…</c>, without an underscore.</summary>
public static class ProjectApiKey
{
    private const string Prefix = "sk-lw-";

    /// <summary>Creates a new API key of a project.</summary>
    public static Secret Mint(ProjectId project) => Secret.Mint(Prefix, project.UlidText);

    /// <summary>Parses a presented API key; false when the text is not in the format of one.</summary>
    public static bool TryParse(string? text, out Secret apiKey) => Secret.TryParse(text, Prefix, out apiKey);

    /// <summary>Returns the id of the project that an API key names.</summary>
    public static ProjectId GetProjectId(Secret apiKey) => ProjectId.FromUlid(apiKey.OwnerUlid);

    /// <summary>Writes the id of the project that an API key names, without allocating a string.</summary>
    /// <param name="apiKey">An API key of a project.</param>
    /// <param name="destination">At least <see cref="ProjectId.TextLength"/> characters.</param>
    public static void FormatProjectId(Secret apiKey, Span<char> destination) =>
        ProjectId.Format(apiKey.OwnerUlid, destination);
}

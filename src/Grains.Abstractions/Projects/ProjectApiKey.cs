using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>The secrets of projects, what REST clients authenticate with: <c>sk-lw-…</c>, without an underscore.</summary>
public static class ProjectApiKey
{
    private const string Prefix = "sk-lw-";

    /// <summary>Makes a new API key for a project.</summary>
    public static Secret Mint(ProjectId project) => Secret.Mint(Prefix, project.UlidText);

    /// <summary>Reads a presented API key; false when it cannot be one.</summary>
    public static bool TryParse(string? text, out Secret apiKey) => Secret.TryParse(text, Prefix, out apiKey);
}

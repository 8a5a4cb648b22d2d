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
}

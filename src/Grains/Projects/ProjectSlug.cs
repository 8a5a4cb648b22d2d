using System.Text.RegularExpressions;
using AnyAscii;

namespace KeysCluster.Grains.Projects;

/// <summary>The slug of a project, as LangWatch makes it: the name and six characters of the id.</summary>
internal static partial class ProjectSlug
{
    private const int SuffixLength = 6;

    public static string Create(string name, string projectId)
    {
        var text = Separators().Replace(name.Transliterate().ToLowerInvariant(), "-").Trim('-');
        return $"{text}-{projectId[^SuffixLength..].ToLowerInvariant()}";
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Separators();
}

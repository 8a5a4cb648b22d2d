using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>A region of the code in the folder Snippets, which a page of the book shows.</summary>
internal sealed partial record CodeRegion(string Name, string Text)
{
    public static IReadOnlyList<CodeRegion> All { get; } =
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Book", "Snippets"), "*.cs")
           from Match match in RegionPattern().Matches(File.ReadAllText(file))
           select new CodeRegion(match.Groups["name"].Value, Unindent(match.Groups["text"].Value)),
    ];

    private static string Unindent(string text)
    {
        var lines = text.Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
    }

    [GeneratedRegex(@"(?m)^ *#region (?<name>\S+)\n(?<text>(?s:.*?))^ *#endregion")]
    private static partial Regex RegionPattern();
}

using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>A block of code in a page of the book.</summary>
/// <param name="Page">The path of the page in docs.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Language">The language.</param>
/// <param name="Label">The name of a file or of a tab; empty for none.</param>
/// <param name="Text">The code.</param>
/// <param name="ReasonNotRun">Why no test runs it; null if one does.</param>
internal sealed partial record Snippet(
    string Page, int Line, string Language, string Label, string Text, string? ReasonNotRun)
{
    /// <summary>The snippets of the tutorial and of the how-to guides.</summary>
    public static IReadOnlyList<Snippet> All { get; } = [.. ListPages().SelectMany(Read)];

    /// <summary>Whether the reader saves the snippet as a file, which a shell snippet of the page uses.</summary>
    public bool IsFile => Label.Contains('.', StringComparison.Ordinal);

    public override string ToString() => $"{Page}:{Line}";

    private static IEnumerable<string> ListPages() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "docs", "how-to"), "*.md")
        .Select(file => $"how-to/{Path.GetFileName(file)}")
        .Order(StringComparer.Ordinal)
        .Prepend("tutorial.md");

    private static IEnumerable<Snippet> Read(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", page));
        for (var start = 0; start < lines.Length; start++)
        {
            var opening = OpeningPattern().Match(lines[start]);
            if (!opening.Success) continue;
            var indent = opening.Groups["indent"].Value;
            var end = Array.IndexOf(lines, $"{indent}```", start + 1);
            var reason = start == 0 ? null : ReasonPattern().Match(lines[start - 1]) is { Success: true } match
                ? match.Groups[1].Value
                : null;
            yield return new Snippet(
                page,
                start + 2,
                opening.Groups["language"].Value,
                opening.Groups["label"].Value,
                string.Join('\n', lines[(start + 1)..end].Select(line => Outdent(line, indent))) + "\n",
                reason);
            start = end;
        }
    }

    /// <summary>A block in a list is indented like its text.</summary>
    private static string Outdent(string line, string indent) =>
        line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line;

    [GeneratedRegex(@"^(?<indent> *)```(?<language>\w+)(?: \[(?<label>[^\]]+)\])?$")]
    private static partial Regex OpeningPattern();

    [GeneratedRegex("^ *<!-- not run: (.+) -->$")]
    private static partial Regex ReasonPattern();
}

using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>The book is built by one command. The build fails on a dead link.</summary>
public sealed partial class BuildTests
{
    private static readonly string Output = Path.Combine(Repository.Root, "docs", ".vitepress", "dist");

    [Fact]
    public async Task The_book_is_built_and_needs_no_other_site()
    {
        ProgramRunner.Find("npm", "npm");
        await ProgramRunner.RunSuccessfullyAsync("npm", ["run", "build", "--prefix", "docs"]);

        var pages = Directory.GetFiles(Output, "*.html", SearchOption.AllDirectories);
        Assert.Contains(Path.Combine(Output, "tutorial.html"), pages);
        Assert.All(pages, page => Assert.DoesNotMatch(OtherSitePattern(), File.ReadAllText(page)));
        var index = await File.ReadAllLinesAsync(Path.Combine(Output, "llms.txt"));
        Assert.Contains("- [Errors](/reference/errors.md)", index);
        Assert.All(
            index.Select(line => IndexEntryPattern().Match(line)).Where(match => match.Success),
            match => Assert.True(File.Exists(Output + match.Groups["path"].Value), match.Value));
    }

    /// <summary>A script, style, font or picture of another site. Links are permitted.</summary>
    [GeneratedRegex(@"<(script|img|iframe)\b[^>]*\bsrc=""(https?:)?//|<link\b[^>]*\bhref=""(https?:)?//")]
    private static partial Regex OtherSitePattern();

    [GeneratedRegex(@"^- \[.+\]\((?<path>/[^)]+)\)$")]
    private static partial Regex IndexEntryPattern();
}

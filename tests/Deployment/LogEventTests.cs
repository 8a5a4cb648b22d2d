using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The table of log events in docs/operations/log-events.md, with which operators search and alert.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void The_page_of_log_events_lists_the_id_and_level_of_every_log_event_and_no_other()
    {
        var logged = from file in Directory.EnumerateFiles(GetPath("src"), "*.cs", SearchOption.AllDirectories)
                     from Match match in LogMessagePattern().Matches(File.ReadAllText(file))
                     select Format(match);
        var listed = from line in File.ReadLines(GetPath("docs/operations/log-events.md"))
                     let match = TableRowPattern().Match(line)
                     where match.Success
                     select Format(match);

        Assert.Equal(logged.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void No_two_log_events_have_the_same_id()
    {
        var ids = from file in Directory.EnumerateFiles(GetPath("src"), "*.cs", SearchOption.AllDirectories)
                  from Match match in LogMessagePattern().Matches(File.ReadAllText(file))
                  group match by match.Groups["id"].Value;

        Assert.All(ids, id => Assert.Single(id));
    }

    private static string Format(Match match) =>
        $"{match.Groups["id"].Value} {match.Groups["level"].Value.ToUpperInvariant()}";

    private static string GetPath(string path) => Path.Combine(Repository.Root, path);

    /// <summary>Also matches an attribute without an id or a level, which then is not in the table.</summary>
    [GeneratedRegex(@"\[LoggerMessage\(((EventId = )?(?<id>\d+),\s+(Level = )?LogLevel\.(?<level>\w+))?")]
    private static partial Regex LogMessagePattern();

    [GeneratedRegex(@"^\| (?<id>\d{3}) \| (?<level>\w+) \| ")]
    private static partial Regex TableRowPattern();
}

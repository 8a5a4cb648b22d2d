using System.Text.RegularExpressions;
using KeysCluster.Grains.Events;
using KeysCluster.TestKit;
using KeysCluster.Webhooks;

namespace KeysCluster.Book.Tests;

/// <summary>The reference of the book has an entry for what the source code has, and for nothing else.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] StateNames = ["virtual-key", "project"];

    /// <summary>The types that triggers of the database write, for changes outside the service.</summary>
    private static readonly string[] TypesOfTheDatabase = ["altered", "deleted"];

    private static readonly string[] TypesOfVirtualKeys = ["revoked", "expiring", "expired", "secret_expiring_in_use"];

    private static readonly string[] TypesOfProjects = ["archived", "erasure_requested", "project_erased"];

    [Fact]
    public void Each_error_code_has_a_cause_and_a_cure()
    {
        var codes = from file in Directory.EnumerateFiles(GetPath("src/Api"), "*.cs", SearchOption.AllDirectories)
                    from Match match in ErrorPattern().Matches(File.ReadAllText(file))
                    select match.Groups["code"].Value;
        var page = File.ReadAllText(GetPath("docs/reference/errors.md"));
        var table = File.ReadAllText(GetPath("docs/api.md"));
        var listed = ErrorEntryPattern().Matches(page).Select(match => match.Groups["code"].Value).ToList();

        Assert.Contains("validation_unavailable", listed);
        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(listed, code => Assert.Contains($"| `{code}` |", table, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_type_of_event_is_explained()
    {
        var stored = ConstantPattern().Matches(File.ReadAllText(GetPath("src/Grains/SecretHolders/EventTypes.cs")))
            .Select(match => match.Groups["value"].Value)
            .Concat(TypesOfTheDatabase)
            .ToList();
        var types = from type in stored
                    from stateName in StateNames
                    where IsUsed(stateName, type)
                    select PublicEventTypes.Format(stateName, type);

        Assert.Equal(
            types.Order(StringComparer.Ordinal),
            ListFirstCells("docs/reference/events.md").Where(cell => cell.Contains('.')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_field_of_an_event_is_explained()
    {
        var fields = PropertyPattern().Matches(File.ReadAllText(GetPath("src/Api/Events/EventResource.cs")))
            .Select(match => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value));

        Assert.Equal(fields, ListFirstCells("docs/reference/events.md").Where(cell => !cell.Contains('.')));
    }

    [Fact]
    public void Each_type_that_webhooks_deliver_is_explained() => Assert.Equal(
        WebhookEventTypes.All,
        ListFirstCells("docs/reference/webhooks.md").Where(cell => cell.Contains('.')));

    [Fact]
    public void Each_metric_is_explained()
    {
        var metrics = from file in Directory.EnumerateFiles(GetPath("src"), "*.cs", SearchOption.AllDirectories)
                      from Match match in MetricPattern().Matches(File.ReadAllText(file))
                      where match.Value != "\"keys.db\""
                      select match.Groups["name"].Value;
        var listed = ListFirstCells("docs/operations/metrics.md")
            .Where(cell => cell.StartsWith("keys.", StringComparison.Ordinal));

        Assert.Equal(metrics.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_command_of_the_command_line_is_explained()
    {
        var commands = await CommandLine.ListCommandsAsync();
        var page = await File.ReadAllTextAsync(GetPath("docs/reference/cli.md"));

        Assert.Contains("rotate", commands);
        Assert.Equal(
            commands.Select(command => $"keys {command}"),
            ListFirstCells("docs/reference/cli.md").Where(cell => cell.StartsWith("keys ", StringComparison.Ordinal)));
        foreach (var command in commands)
        {
            var row = page.Split('\n').Single(line =>
                line.StartsWith($"| `keys {command}` |", StringComparison.Ordinal));
            Assert.All(
                await CommandLine.ListCommandsAsync(command),
                subcommand => Assert.Contains($"`{subcommand}`", row, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Each_exit_code_of_the_command_line_is_explained()
    {
        var codes = ExitCodePattern().Matches(File.ReadAllText(GetPath("src/Cli/Errors/ExitCodes.cs")))
            .Select(match => match.Groups["code"].Value);
        var listed = ExitCodeRowPattern().Matches(File.ReadAllText(GetPath("docs/cli.md")))
            .Select(match => match.Groups["code"].Value);

        Assert.Equal(codes, listed);
    }

    /// <summary>Returns whether events of the state can have the type. Most types are used for both.</summary>
    private static bool IsUsed(string stateName, string type) => stateName == "project"
        ? !TypesOfVirtualKeys.Contains(type)
        : !TypesOfProjects.Contains(type)
            && !type.StartsWith("api_key_", StringComparison.Ordinal)
            && !type.StartsWith("webhook_", StringComparison.Ordinal);

    private static IEnumerable<string> ListFirstCells(string page) =>
        FirstCellPattern().Matches(File.ReadAllText(GetPath(page))).Select(match => match.Groups["cell"].Value);

    private static string GetPath(string path) => Path.Combine(Repository.Root, path);

    [GeneratedRegex(@"new\(\s*(\d{3}|RefusalReason\.\w+),\s*""(?<code>[a-z_]+)""|new ErrorResponse\(""(?<code>\w+)""")]
    private static partial Regex ErrorPattern();

    [GeneratedRegex(@"^### (?<code>[a-z_]+)\n\n\*\*Cause\*\*: ([^\n]+\n)+\*\*Do\*\*: ", RegexOptions.Multiline)]
    private static partial Regex ErrorEntryPattern();

    [GeneratedRegex(@"""(?<name>keys\.[a-z_.]+)""")]
    private static partial Regex MetricPattern();

    [GeneratedRegex(@"public const string \w+ = ""(?<value>\w+)"";")]
    private static partial Regex ConstantPattern();

    [GeneratedRegex(@"public (required )?[\w?]+ (?<name>\w+) \{ get; init; \}")]
    private static partial Regex PropertyPattern();

    [GeneratedRegex(@"public const int \w+ = (?<code>\d+);")]
    private static partial Regex ExitCodePattern();

    [GeneratedRegex(@"^\| (?<code>\d+) \| ", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRowPattern();

    [GeneratedRegex(@"^\| `(?<cell>[^`]+)` \| ", RegexOptions.Multiline)]
    private static partial Regex FirstCellPattern();
}

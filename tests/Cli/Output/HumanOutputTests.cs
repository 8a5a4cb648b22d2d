using System.Globalization;
using System.Text.RegularExpressions;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Output;

/// <summary>What people read on a small and a wide terminal. A fixed response makes each line reproducible.</summary>
public sealed partial class HumanOutputTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["list"] = ["list"],
        ["show"] = ["show", "vk_01M8J3E5JZY5MVJ6FE1J607SW1"],
        ["show-revoked"] = ["show", "vk_01M8J3E5JZY5MVJ6FE1J607SW3"],
        ["verify"] = ["verify"],
        ["events"] = ["events"],
        ["whoami"] = ["whoami"],
        ["api-keys-list"] = ["api-keys", "list"],
        ["webhooks-list"] = ["webhooks", "list"],
        ["webhooks-deliveries"] = ["webhooks", "deliveries", "webhook_01M8J3E5JZY5MVJ6FE1J607SWA"],
        ["projects-list"] = ["projects", "list"],
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var command in Commands.Keys)
            {
                cases.Add(command, 80);
                cases.Add(command, 120);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_person_can_read_the_output_and_select_each_id(string command, int width)
    {
        var result = await RunAsync(width, Commands[command]);

        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.DoesNotMatch(BrokenIdPattern(), result.Output);
        Snapshot.AssertMatches(
            Path.Combine("text", $"{command}-{width.ToString(CultureInfo.InvariantCulture)}.txt"), result.Output);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("events")]
    [InlineData("api-keys", "list")]
    [InlineData("projects", "list")]
    public async Task Quiet_prints_one_id_per_line(params string[] command)
    {
        var result = await RunAsync(80, [.. command, "--quiet"]);

        Assert.All(
            result.Output.TrimEnd().Split('\n'),
            line => Assert.Matches("^([a-z]+_[0-9A-Z]{26}|[0-9]+)$", line));
    }

    [Theory]
    [InlineData("[red]alert[/]")]
    [InlineData("[/] [[ ]] [link=http://example.com]x[/]")]
    [InlineData("🔑 the emoji 👩‍🚀 of a key")]
    [InlineData(":warning: no emoji")]
    public async Task Text_of_users_is_shown_as_it_is(string name)
    {
        using var stub = new StubService(HumanResponses.Create(name));
        using var cli = CreateCommandLine(stub, 250);

        foreach (var command in (string[][])[["list"], Commands["show"], ["projects", "list"], ["api-keys", "list"]])
        {
            var result = (await cli.RunAsync(command)).Expect(ExitCodes.Success);
            Assert.Contains(name, result.Output, StringComparison.Ordinal);
        }

        var events = (await cli.RunAsync("events")).Expect(ExitCodes.Success);
        Assert.Contains(name, events.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "keys create")]
    [InlineData("events", "No events")]
    [InlineData("projects list", "No projects")]
    [InlineData("api-keys list", "keys api-keys create")]
    [InlineData("webhooks list", "keys webhooks create")]
    public async Task An_empty_list_says_what_to_do(string command, string text)
    {
        using var stub = new StubService(HumanResponses.CreateEmpty());
        using var cli = CreateCommandLine(stub, 80);

        var result = (await cli.RunAsync(command.Split(' '))).Expect(ExitCodes.Success);

        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> RunAsync(int width, string[] command)
    {
        using var stub = new StubService(HumanResponses.Create("checkout"));
        using var cli = CreateCommandLine(stub, width);
        return (await cli.RunAsync(command)).Expect(ExitCodes.Success);
    }

    private static CommandLine CreateCommandLine(StubService stub, int width) => new()
    {
        Width = width,
        Time = new FixedTime(Now),
        Input = { "vk-lw-live_a" },
        Variables = { ["KEYS_URL"] = stub.Address.AbsoluteUri, ["KEYS_API_KEY"] = "sk-lw-a" },
    };

    [GeneratedRegex(@"\b(vk|project|apikey|secret|webhook|msg)_[0-9A-Z]{1,25}(?![0-9A-Z])")]
    private static partial Regex BrokenIdPattern();
}

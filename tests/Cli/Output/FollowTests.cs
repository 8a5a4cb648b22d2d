using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;
using Spectre.Console.Testing;

namespace KeysCluster.Cli.Tests.Output;

[Collection(CliService.CollectionName)]
public sealed class FollowTests(CliService service)
{
    [Theory]
    [InlineData("--json")]
    [InlineData("--quiet")]
    [InlineData("--follow")]
    public async Task Events_that_are_added_are_printed_until_the_command_is_interrupted(string format)
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();
        using var interrupt = new CancellationTokenSource();
        using var output = new TestConsole().Width(250);
        var following = cli.RunAsync(output, interrupt.Token, ["events", id, "--follow", format]);
        await Wait.UntilAsync(() => CountLines(output) == 1);

        await cli.ReadAsync("rotate", id, "--quiet");
        await Wait.UntilAsync(() => CountLines(output) == 2);
        await interrupt.CancelAsync();

        (await following).Expect(ExitCodes.Interrupted);
        if (format == "--json")
        {
            Assert.Contains("\"type\":\"virtual_key.created\"", output.Lines[0], StringComparison.Ordinal);
            Assert.Contains("\"type\":\"virtual_key.rotated\"", output.Lines[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Following_begins_with_the_newest_events_oldest_first()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();
        foreach (var name in (string[])["second", "third", "fourth"])
            await cli.ReadAsync("update", id, "--name", name, "--quiet");
        var newest = (await cli.ReadAsync("events", id, "--limit", "2", "--quiet")).Split('\n');
        using var interrupt = new CancellationTokenSource();
        using var output = new TestConsole().Width(250);
        var following = cli.RunAsync(
            output, interrupt.Token, ["events", id, "--follow", "--limit", "2", "--quiet"]);
        await Wait.UntilAsync(() => CountLines(output) == 2);
        await interrupt.CancelAsync();

        (await following).Expect(ExitCodes.Interrupted);
        Assert.Equal([newest[1], newest[0]], output.Lines.Take(2));
    }

    private static int CountLines(TestConsole console) => console.Output.Count(character => character == '\n');
}

using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Invocation;

/// <summary>A command that ends the validity of something asks first.</summary>
[Collection(CliService.CollectionName)]
public sealed class ConfirmationTests(CliService service)
{
    private const string Key = "vk_01M8J3E5JZY5MVJ6FE1J607SW1";
    private const string Project = "project_01M8J3E5JZY5MVJ6FE1J607SWP";

    /// <summary>The commands that ask, with arguments that lead to the question.</summary>
    private static readonly Dictionary<string, string[]> Destructive = new()
    {
        ["rotate"] = [Key, "--grace", "0", "--copy"],
        ["expire"] = [Key],
        ["disable"] = [Key],
        ["revoke"] = [Key],
        ["api-keys rotate"] = ["apikey_1", "--grace", "0s", "--project", Project, "--copy"],
        ["api-keys expire"] = ["apikey_1", "--project", Project],
        ["api-keys delete"] = ["apikey_1", "--project", Project],
        ["webhooks rotate"] = ["webhook_1", "--grace", "0", "--copy"],
        ["webhooks delete"] = ["webhook_1"],
        ["projects disable"] = [Project],
        ["projects archive"] = [Project],
        ["projects erase"] = [Project],
    };

    public static TheoryData<string> Commands => [.. Destructive.Keys];

    [Fact]
    public void Every_command_that_takes_yes_is_tested()
    {
        var asking = CommandTree.GetLeaves()
            .Where(entry => entry.Command.Options.Any(option => option.Name == "--yes"))
            .Select(entry => entry.Name);

        // These need files and a database: see BackupTests, ImportTests and MoveFailureTests.
        string[] others = ["import", "move", "restore"];
        Assert.Equal(Destructive.Keys.Concat(others).Order(), asking.Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_destructive_command_does_nothing_when_nobody_can_be_asked(string command)
    {
        using var proxy = new FaultyProxy(service.Address);
        using var cli = service.CreateCommandLine(service.AdminKey, proxy.Address);

        var result = await cli.RunAsync([.. command.Split(' '), .. Destructive[command]]);

        result.Expect(ExitCodes.Usage);
        Assert.Contains("pass --yes", result.Error, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_destructive_command_does_nothing_when_the_answer_is_no(string command)
    {
        using var proxy = new FaultyProxy(service.Address);
        using var cli = service.CreateCommandLine(service.AdminKey, proxy.Address);
        cli.IsPersonTyping = true;
        cli.Input.Add("n");

        var result = await cli.RunAsync([.. command.Split(' '), .. Destructive[command]]);

        result.Expect(ExitCodes.Failure);
        Assert.Contains("Nothing was changed", result.Error, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_destructive_command_is_executed_when_the_answer_is_yes()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();
        cli.IsPersonTyping = true;
        cli.Input.Add("y");

        var result = (await cli.RunAsync("revoke", id)).Expect(ExitCodes.Success);

        Assert.Contains("revoked", result.Output, StringComparison.Ordinal);
        Assert.Contains("This is final", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotation_with_a_grace_period_does_not_ask()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();

        (await cli.RunAsync("rotate", id, "--grace", "1s")).Expect(ExitCodes.Success);
    }
}

using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Output;

/// <summary>A new secret goes to the terminal, the clipboard or a file of its owner, and nowhere else.</summary>
[Collection(CliService.CollectionName)]
[UnsupportedOSPlatform("windows")]
public sealed partial class SecretTests(CliService service)
{
    private const string KeyId = "<key>";
    private const string ApiKeyId = "<API key>";
    private const string WebhookId = "<webhook>";

    /// <summary>The commands that issue a secret, with arguments.</summary>
    private static readonly Dictionary<string, string[]> Issuing = new()
    {
        ["create"] = ["checkout"],
        ["rotate"] = [KeyId],
        ["api-keys create"] = ["gateway", "--permission", "virtualKeys:verify"],
        ["api-keys rotate"] = [ApiKeyId],
        ["webhooks create"] = ["http://127.0.0.1:1/"],
        ["webhooks rotate"] = [WebhookId, "--grace", "0", "--yes"],
        ["projects create"] = ["shop"],
    };

    public static TheoryData<string> Commands => [.. Issuing.Keys];

    [Fact]
    public void Every_command_that_issues_a_secret_is_tested()
    {
        var issuing = CommandTree.GetLeaves()
            .Where(entry => entry.Command.Options.Any(option => option.Name == "--copy"))
            .Select(entry => entry.Name);

        Assert.Equal(Issuing.Keys.Order(), issuing.Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_secret_is_created_that_a_redirected_output_would_show(string command)
    {
        using var proxy = new FaultyProxy(service.Address);
        using var cli = service.CreateCommandLine(service.AdminKey, proxy.Address);
        cli.IsPersonReading = false;

        foreach (var format in (string[][])[[], ["--json"], ["--quiet"]])
        {
            var result = await cli.RunAsync([.. command.Split(' '), .. Issuing[command], .. format]);

            result.Expect(ExitCodes.Usage);
            Assert.Contains("--secret-file", result.Error, StringComparison.Ordinal);
        }

        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_secret_in_a_file_or_the_clipboard_is_not_printed(string command)
    {
        using var cli = await CreateCommandLineAsync(command);
        var arguments = await PrepareAsync(cli, command);
        cli.IsPersonReading = false;

        var number = 0;
        foreach (var format in (string[][])[[], ["--json"], ["--quiet"]])
        {
            var file = cli.GetPath($"secret-{number++}");
            var stored = await cli.RunAsync([.. arguments, .. format, "--secret-file", file]);
            stored.Expect(ExitCodes.Success);
            var secret = (await File.ReadAllTextAsync(file)).TrimEnd();
            AssertSecret(secret);
            AssertHidden(secret, stored);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

            var copied = (await cli.RunAsync([.. arguments, .. format, "--copy"])).Expect(ExitCodes.Success);
            AssertSecret(cli.Clipboard.Text!);
            AssertHidden(cli.Clipboard.Text!, copied);
            Assert.NotEqual(secret, cli.Clipboard.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_terminal_shows_the_secret_on_a_line_of_its_own(string command)
    {
        using var cli = await CreateCommandLineAsync(command);
        var arguments = await PrepareAsync(cli, command);
        cli.Width = 40;

        var result = (await cli.RunAsync(arguments)).Expect(ExitCodes.Success);

        AssertSecret(result.Output.TrimEnd().Split('\n')[^1]);
        AssertSecret((await cli.RunAsync([.. arguments, "--quiet"])).Output.TrimEnd());
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten()
    {
        using var proxy = new FaultyProxy(service.Address);
        using var cli = service.CreateCommandLine("sk-lw-a", proxy.Address);
        var file = cli.GetPath("secret");
        await File.WriteAllTextAsync(file, "mine");

        var result = (await cli.RunAsync("create", "checkout", "--secret-file", file)).Expect(ExitCodes.Usage);

        Assert.Contains("exists already", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_refused_request_leaves_no_file()
    {
        using var cli = await service.CreateCommandLineAsync();
        var file = cli.GetPath("secret");

        (await cli.RunAsync("rotate", "vk_01M8J3E5JZY5MVJ6FE1J607SW1", "--secret-file", file))
            .Expect(ExitCodes.NotFound);

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_secret_is_verified_from_a_file_the_input_or_a_hidden_prompt()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (_, secret) = await cli.CreateKeyAsync();
        await File.WriteAllTextAsync(cli.GetPath("secret"), secret + "\n");

        Assert.Equal("active", await cli.ReadAsync("verify", "-q", "--secret-file", cli.GetPath("secret")));
        cli.Input.Add(secret);
        Assert.Equal("active", await cli.ReadAsync("verify", "-q"));
        cli.IsPersonTyping = true;
        var result = (await cli.RunAsync("verify")).Expect(ExitCodes.Success);
        AssertHidden(secret, result);
    }

    private async Task<CommandLine> CreateCommandLineAsync(string command) => command == "projects create"
        ? service.CreateCommandLine(service.AdminKey)
        : await service.CreateCommandLineAsync();

    /// <summary>Returns the command with its arguments, and creates what they name.</summary>
    private static async Task<string[]> PrepareAsync(CommandLine cli, string command)
    {
        var arguments = new List<string>(command.Split(' '));
        foreach (var argument in Issuing[command])
        {
            arguments.Add(argument switch
            {
                KeyId => await CreateAsync("create"),
                ApiKeyId => await CreateAsync("api-keys create"),
                WebhookId => await CreateAsync("webhooks create"),
                _ => argument,
            });
        }

        return [.. arguments];

        async Task<string> CreateAsync(string creation)
        {
            var result = await cli.RunAsync([.. creation.Split(' '), .. Issuing[creation], "--json"]);
            return result.Expect(ExitCodes.Success).Json.GetProperty("result").GetProperty("id").GetString()!;
        }
    }

    private static void AssertSecret(string text) => Assert.Matches(SecretPattern(), text);

    private static void AssertHidden(string secret, CommandResult result)
    {
        Assert.DoesNotContain(secret, result.Text, StringComparison.Ordinal);

        // Not a part of it either, beyond its public beginning.
        Assert.DoesNotContain(secret[20..40], result.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("^((vk-lw-live_|sk-lw-)[0-9A-Za-z]{64,66}|whsec_[0-9A-Za-z+/=]{32,})$")]
    private static partial Regex SecretPattern();
}

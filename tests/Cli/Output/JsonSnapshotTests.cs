using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Output;

/// <summary>The JSON of every command is a contract for scripts.</summary>
[Collection(CliService.CollectionName)]
public sealed class JsonSnapshotTests(CliService service)
{
    private const string Folder = "json";

    /// <summary>
    /// A command that prints a script. Those of the data of a service are in <c>BackupTests</c> and <c>MoveTests</c>.
    /// </summary>
    private static readonly string[] WithoutJson = ["completion"];

    [Fact]
    public void Every_command_has_a_snapshot_of_its_JSON()
    {
        var missing = CommandTree.GetLeaves()
            .Select(entry => entry.Name)
            .Except(WithoutJson)
            .Where(name => !File.Exists(Path.Combine(Snapshot.Folder, GetFile(name))));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task The_JSON_of_the_commands_for_virtual_keys_is_stable()
    {
        using var cli = await service.CreateCommandLineAsync();
        await CheckAsync(cli, "whoami");
        await CheckAsync(
            cli, "create", "checkout", "--description", "For the shop", "--user", "user-1", "--external-id", "ext-1",
            "--permission", "chat:write", "--permission", "models:*", "--allowed-ip", "127.0.0.1", "--metadata",
            "team=payments", "--provider", "credential-1", "--expires", "30d");
        var id = await cli.ReadAsync("list", "--quiet");
        await CheckAsync(cli, "rotate", id, "--grace", "7d");
        await CheckAsync(cli, "show", id);
        var old = (await cli.RunAsync("show", id, "--json")).Json
            .GetProperty("retiring_secrets")[0].GetProperty("id").GetString()!;
        await CheckAsync(cli, "extend", id, old, "--until", "2d");
        await CheckAsync(cli, "expire", id, old, "--yes");
        await CheckAsync(cli, "update", id, "--name", "checkout 2", "--clear", "description");
        await CheckAsync(cli, "disable", id, "--reason", "a leak", "--yes");
        await CheckAsync(cli, "enable", id);
        await CheckAsync(cli, "list", "--name", "checkout");
        await CheckAsync(cli, "revoke", id, "--yes");
        await CheckAsync(cli, "events", id, "--type", "virtual_key.disabled");
    }

    [Fact]
    public async Task The_JSON_of_a_verdict_is_stable()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (_, secret) = await cli.CreateKeyAsync();
        cli.Input.Add(secret);

        await CheckAsync(cli, "verify");
    }

    [Fact]
    public async Task The_JSON_of_the_commands_for_API_keys_is_stable()
    {
        using var cli = await service.CreateCommandLineAsync();
        var result = await CheckAsync(cli, "api-keys create", "gateway", "--permission", "virtualKeys:verify");
        var id = result.Json.GetProperty("result").GetProperty("id").GetString()!;
        await CheckAsync(cli, "api-keys rotate", id, "--grace", "1h");
        await CheckAsync(cli, "api-keys show", id);
        await CheckAsync(cli, "api-keys expire", id, "--yes");
        await CheckAsync(cli, "api-keys update", id, "--name", "gateway 2", "--expires", "30d");
        await CheckAsync(cli, "api-keys list");
        await CheckAsync(cli, "api-keys delete", id, "--yes");
    }

    [Fact]
    public async Task The_JSON_of_the_commands_for_webhooks_is_stable()
    {
        using var receiver = new WebhookReceiver();
        using var cli = await service.CreateCommandLineAsync();
        var result = await CheckAsync(
            cli, "webhooks create", receiver.Url, "--description", "The shop", "--type", "virtual_key.revoked");
        var id = result.Json.GetProperty("result").GetProperty("id").GetString()!;
        await CheckAsync(cli, "webhooks show", id);
        await CheckAsync(cli, "webhooks list");
        var delivery = await CheckAsync(cli, "webhooks test", id);
        await CheckAsync(cli, "webhooks deliveries", id);
        await CheckAsync(cli, "webhooks redeliver", id, delivery.Json.GetProperty("id").GetString()!);

        // From the update on, the endpoint receives events of its own changes, at any time.
        await CheckAsync(cli, "webhooks rotate", id, "--grace", "1h");
        await CheckAsync(cli, "webhooks update", id, "--all-types", "--status", "enabled");
        await CheckAsync(cli, "webhooks delete", id, "--yes");
    }

    [Fact]
    public async Task The_JSON_of_the_commands_for_projects_is_stable()
    {
        using var cli = service.CreateCommandLine(service.AdminKey);
        var result = await CheckAsync(cli, "projects create", "The shop");
        var id = result.Json.GetProperty("result").GetProperty("id").GetString()!;
        await CheckAsync(cli, "projects list", "--limit", "1");
        await CheckAsync(cli, "projects update", id, "--name", "The shop 2", "--max-virtual-keys", "500");
        await CheckAsync(cli, "projects disable", id, "--reason", "a leak", "--yes");
        await CheckAsync(cli, "projects enable", id);
        await CheckAsync(cli, "projects show", id);
        await CheckAsync(cli, "projects archive", id, "--yes");
        await CheckAsync(cli, "projects erase", id, "--yes");
    }

    [Fact]
    public async Task The_JSON_of_signing_in_and_out_is_stable()
    {
        using var cli = await service.CreateCommandLineAsync();
        await CheckAsync(cli, "login");
        await CheckAsync(cli, "logout");
    }

    /// <summary>Runs a command, and compares its JSON with the snapshot of the command.</summary>
    private static async Task<CommandResult> CheckAsync(CommandLine cli, string command, params string[] arguments)
    {
        var result = await cli.RunAsync([.. command.Split(' '), .. arguments, "--json"]);
        result.Expect(ExitCodes.Success);
        Assert.Empty(result.Error);
        Snapshot.AssertJsonMatches(GetFile(command), result.Output);
        return result;
    }

    private static string GetFile(string command) =>
        Path.Combine(Folder, command.Replace(' ', '-') + ".json");
}

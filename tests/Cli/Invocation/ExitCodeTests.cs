using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Invocation;

/// <summary>Scripts rely on the exit codes.</summary>
[Collection(CliService.CollectionName)]
public sealed class ExitCodeTests(CliService service)
{
    private const string UnknownKey = "vk_01M8J3E5JZY5MVJ6FE1J607SW1";

    [Fact]
    public async Task A_command_that_succeeds_returns_0()
    {
        using var cli = await service.CreateCommandLineAsync();

        (await cli.RunAsync("list")).Expect(0);
        (await cli.RunAsync("--help")).Expect(0);
        (await cli.RunAsync("--version")).Expect(0);
    }

    [Fact]
    public async Task A_test_that_an_endpoint_refuses_returns_1()
    {
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(_ => System.Net.HttpStatusCode.InternalServerError);
        using var cli = await service.CreateCommandLineAsync();
        var created = (await cli.RunAsync("webhooks", "create", receiver.Url, "--json")).Expect(0).Json;

        var result = await cli.RunAsync(
            "webhooks", "test", created.GetProperty("result").GetProperty("id").GetString()!);

        result.Expect(1);
        Assert.Contains("500", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("create")]
    [InlineData("rotate", UnknownKey, "--grace", "soon")]
    [InlineData("rotate", UnknownKey, "--grace")]
    [InlineData("create", "checkout", "--expires", "tomorrow")]
    [InlineData("create", "checkout", "--expires", "2027-01-01T10:00")]
    [InlineData("create", "checkout", "--expires", "99999999w")]
    [InlineData("create", "checkout", "--metadata", "team")]
    [InlineData("list", "--status", "unknown")]
    [InlineData("list", "--url", "ftp://example.com")]
    [InlineData("list", "--url", "http://example.com")]
    [InlineData("list", "--api-key-file", "missing.txt")]
    [InlineData("update", UnknownKey)]
    [InlineData("update", UnknownKey, "--clear", "name")]
    [InlineData("webhooks", "redeliver", "webhook_1")]
    public async Task A_wrong_command_line_returns_2(params string[] arguments)
    {
        using var cli = await service.CreateCommandLineAsync();

        var result = await cli.RunAsync(arguments);

        result.Expect(2);
        Assert.NotEmpty(result.Error);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_the_command_line_is_not_hidden_by_the_help()
    {
        using var cli = new CommandLine();

        var wrong = await cli.RunAsync("projects", "list", "--unknown");
        var incomplete = await cli.RunAsync("projects");

        Assert.Empty(wrong.Expect(2).Output.Trim());
        Assert.Contains("--unknown", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("Help: keys projects list --help", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("archive", incomplete.Expect(2).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_is_not_signed_in_or_not_permitted_gets_3()
    {
        using var cli = new CommandLine();
        Assert.Contains("keys login", (await cli.RunAsync("list")).Expect(3).Error, StringComparison.Ordinal);

        using var wrong = service.CreateCommandLine("sk-lw-" + new string('0', 65));
        Assert.Contains("keys login", (await wrong.RunAsync("list")).Expect(3).Error, StringComparison.Ordinal);

        using var owner = await service.CreateCommandLineAsync();
        var gateway = (await owner.RunAsync("api-keys", "create", "g", "--permission", "virtualKeys:verify", "--json"))
            .Expect(0).Json;
        using var limited = service.CreateCommandLine(gateway.GetProperty("secret").GetString()!);
        var denied = (await limited.RunAsync("create", "checkout")).Expect(3);
        Assert.Contains("Missing: virtualKeys:create", denied.Error, StringComparison.Ordinal);
        Assert.Contains("Request id: ", denied.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_does_not_exist_returns_4()
    {
        using var cli = await service.CreateCommandLineAsync();

        var result = (await cli.RunAsync("show", UnknownKey)).Expect(4);

        Assert.Contains("(virtual_key_not_found)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_the_service_refuses_returns_5()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();
        await cli.ReadAsync("revoke", id, "--yes");

        var result = (await cli.RunAsync("rotate", id)).Expect(5);

        Assert.Contains("(virtual_key_revoked)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_answer_returns_6()
    {
        using var proxy = new FaultyProxy(service.Address) { Choose = _ => ProxyFault.UnavailableForLong };
        using var cli = service.CreateCommandLine(service.AdminKey, proxy.Address);
        (await cli.RunAsync("whoami")).Expect(6);
        Assert.Single(proxy.Requests);

        using var unreachable = service.CreateCommandLine(
            service.AdminKey, new Uri($"http://127.0.0.1:{FreePort.NextAsText()}"));
        var result = (await unreachable.RunAsync("whoami")).Expect(6);
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_refused_returns_7()
    {
        using var cli = await service.CreateCommandLineAsync();
        cli.Input.Add("vk-lw-live_unknown");

        var result = (await cli.RunAsync("verify", "--quiet")).Expect(7);

        Assert.Equal("malformed", result.Output.Trim());
    }

    [Fact]
    public async Task A_command_that_is_interrupted_returns_130()
    {
        using var cli = await service.CreateCommandLineAsync();
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        (await cli.RunAsync(interrupt.Token, "list")).Expect(130);
    }
}

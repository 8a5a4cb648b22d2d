using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Invocation;

/// <summary>After a failure it can be unknown whether the service has executed a request.</summary>
[Collection(CliService.CollectionName)]
public sealed class UnknownOutcomeTests(CliService service)
{
    private const string Option = "--idempotency-key ";

    [Fact]
    public async Task A_repeated_rotation_returns_the_secret_of_the_lost_response()
    {
        using var proxy = new FaultyProxy(service.Address);
        var project = await service.CreateProjectAsync();
        using var cli = service.CreateCommandLine(project.ApiKey, proxy.Address);
        var (id, _) = await cli.CreateKeyAsync();
        var before = proxy.Requests.Count;

        // The first attempt is executed; the next one ends the retries.
        proxy.Choose = number => number == before ? ProxyFault.CutResponse : ProxyFault.UnavailableForLong;
        var failed = (await cli.RunAsync("rotate", id)).Expect(ExitCodes.Unavailable);
        var key = ReadIdempotencyKey(failed.Error);
        proxy.Choose = _ => ProxyFault.None;
        string[] repeat = ["rotate", id, "--json", "--idempotency-key", key];
        var first = (await cli.RunAsync(repeat)).Expect(ExitCodes.Success).Json;
        var second = (await cli.RunAsync(repeat)).Expect(ExitCodes.Success).Json;

        Assert.True(first.GetProperty("is_replay").GetBoolean());
        Assert.Equal(first.GetProperty("secret").GetString(), second.GetProperty("secret").GetString());
        Assert.Single(first.GetProperty("result").GetProperty("retiring_secrets").EnumerateArray());
    }

    [Fact]
    public async Task An_interrupted_rotation_says_how_to_repeat_it()
    {
        using var cli = await service.CreateCommandLineAsync();
        var (id, _) = await cli.CreateKeyAsync();
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        var result = (await cli.RunAsync(interrupt.Token, "rotate", id)).Expect(ExitCodes.Interrupted);

        Assert.Contains(Option, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_stored_is_not_lost()
    {
        using var cli = await service.CreateCommandLineAsync();
        cli.Clipboard.IsMissing = true;
        var failed = (await cli.RunAsync("create", "checkout", "--copy")).Expect(ExitCodes.Failure);
        Assert.Contains("There is no clipboard", failed.Error, StringComparison.Ordinal);

        var repeated = await cli.RunAsync(
            "create", "checkout", "--json", "--idempotency-key", ReadIdempotencyKey(failed.Error));

        Assert.True(repeated.Expect(ExitCodes.Success).Json.GetProperty("is_replay").GetBoolean());
    }

    [Fact]
    public async Task A_revocation_without_an_answer_is_to_be_repeated()
    {
        using var proxy = new FaultyProxy(service.Address) { Choose = _ => ProxyFault.UnavailableForLong };
        using var cli = service.CreateCommandLine("sk-lw-a", proxy.Address);

        var result = (await cli.RunAsync("revoke", "vk_01M8J3E5JZY5MVJ6FE1J607SW1", "--yes"))
            .Expect(ExitCodes.Unavailable);

        Assert.Contains("Repeat the command", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A line may break where the option ends.</summary>
    private static string ReadIdempotencyKey(string error) =>
        error.ReplaceLineEndings(" ").Split(Option)[1].Trim().Split(' ')[0];
}

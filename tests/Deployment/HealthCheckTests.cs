using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The command <c>healthcheck</c> of both programs, for containers, which have no shell.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task The_health_check_passes_on_a_running_host_and_fails_on_a_stopped_one()
    {
        await using var service = new EmbeddedService();
        await using var silo = await service.StartAsync();
        var url = silo.Address.ToString();
        var urls = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{silo.Address.Port}" };
        var ports = new Dictionary<string, string?> { ["ASPNETCORE_HTTP_PORTS"] = $"{silo.Address.Port}" };

        foreach (var command in (string[][])[["healthcheck"], ["healthcheck", "live"], ["healthcheck", "ready"]])
        {
            await AssertHealthyAsync("Silo", [.. command, "--urls", url]);
            await AssertHealthyAsync("Silo", command, urls);
            await AssertHealthyAsync("Api", command, ports);
        }

        await silo.StopAsync();
        var (exitCode, output) = await RunAsync("Silo", ["healthcheck", "--urls", url]);
        Assert.Equal(1, exitCode);
        Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_health_check_requests_the_management_address_and_otherwise_HTTPS()
    {
        using var authority = new TestCertificateAuthority();
        var (certificate, key) = authority.Issue(role: null, name: "rest");
        await using var service = new EmbeddedService();
        await using var silo = await service.StartWithHttpsAsync(certificate, key);
        var url = silo.Address.ToString();

        await AssertHealthyAsync(
            "Silo", ["healthcheck", "ready", "--urls", url, "--Hosting:ManagementUrl", $"{silo.ManagementAddress}"]);
        var (exitCode, output) = await RunAsync("Silo", ["healthcheck", "--urls", url]);
        Assert.Equal(1, exitCode);
        Assert.Contains("404", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_distinguishes_liveness_from_readiness()
    {
        using var notReady = new StubHttpServer(request => request.Contains("/health/ready", StringComparison.Ordinal)
            ? StubHttpServer.CreateResponse("503 Service Unavailable", "{\"error\":\"not_ready\"}")
            : StubHttpServer.CreateResponse("200 OK", "{}"));

        await AssertHealthyAsync("Silo", ["healthcheck", "--urls", $"http://*:{notReady.Port}"]);
        var (exitCode, output) = await RunAsync(
            "Silo", ["healthcheck", "ready", "--urls", $"http://*:{notReady.Port}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("503: {\"error\":\"not_ready\"}", output, StringComparison.Ordinal);
    }

    private static async Task AssertHealthyAsync(
        string host, string[] arguments, Dictionary<string, string?>? environment = null)
    {
        var (exitCode, output) = await RunAsync(host, arguments, environment);
        Assert.True(exitCode == 0, $"{host} {string.Join(' ', arguments)} exited with {exitCode}:\n{output}");
    }

    private static Task<(int ExitCode, string Output)> RunAsync(
        string host, string[] arguments, Dictionary<string, string?>? environment = null) =>
        ProgramRunner.RunAsync("dotnet", [Repository.GetProgramPath(host), .. arguments], environment);
}

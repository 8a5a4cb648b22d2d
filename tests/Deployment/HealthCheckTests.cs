using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The program asks itself: what a container without a shell has for a health check.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task The_health_check_passes_on_a_running_host_and_fails_on_a_stopped_one()
    {
        await using var service = new EmbeddedService();
        await using var node = await service.StartAsync();
        var port = node.Address.Port;

        foreach (var question in (string[][])[["healthcheck"], ["healthcheck", "live"], ["healthcheck", "ready"]])
        {
            await CommandRunner.RunSuccessfullyAsync("dotnet", [GetProgramPath("Silo"), .. question, "--urls", node.Address.ToString()]);
            await CommandRunner.RunSuccessfullyAsync("dotnet", [GetProgramPath("Silo"), .. question], new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{port}" });
            await CommandRunner.RunSuccessfullyAsync("dotnet", [GetProgramPath("Api"), .. question], new Dictionary<string, string?> { ["ASPNETCORE_HTTP_PORTS"] = $"{port}" });
        }

        await node.StopAsync();
        var (exitCode, output) = await CommandRunner.RunAsync("dotnet", [GetProgramPath("Silo"), "healthcheck", "--urls", node.Address.ToString()]);
        Assert.Equal(1, exitCode);
        Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_health_check_distinguishes_liveness_from_readiness()
    {
        using var notReady = new StubHttpServer(request => request.Contains("/health/ready", StringComparison.Ordinal)
            ? StubHttpServer.CreateResponse("503 Service Unavailable", "{\"error\":\"not_ready\"}")
            : StubHttpServer.CreateResponse("200 OK", "{}"));

        await CommandRunner.RunSuccessfullyAsync("dotnet", [GetProgramPath("Silo"), "healthcheck", "--urls", $"http://*:{notReady.Port}"]);
        var (exitCode, output) = await CommandRunner.RunAsync("dotnet", [GetProgramPath("Silo"), "healthcheck", "ready", "--urls", $"http://*:{notReady.Port}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("503: {\"error\":\"not_ready\"}", output, StringComparison.Ordinal);
    }

    private static string GetProgramPath(string host) => Path.Combine(
        Repository.Root, "src", host, "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!),
        "net10.0", $"KeysCluster.{host}.dll");
}

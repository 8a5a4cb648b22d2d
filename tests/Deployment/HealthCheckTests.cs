using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The program asks itself: what a container without a shell has for a health check.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task A_running_node_is_well_and_one_that_has_ended_is_not()
    {
        await using var service = new EmbeddedService();
        await using var node = await service.StartAsync();
        var port = node.Address.Port;

        foreach (var question in (string[][])[["healthcheck"], ["healthcheck", "live"], ["healthcheck", "ready"]])
        {
            await Tool.Succeeds("dotnet", [Program("Silo"), .. question, "--urls", node.Address.ToString()]);
            await Tool.Succeeds("dotnet", [Program("Silo"), .. question], new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{port}" });
            await Tool.Succeeds("dotnet", [Program("Api"), .. question], new Dictionary<string, string?> { ["ASPNETCORE_HTTP_PORTS"] = $"{port}" });
        }

        await node.StopAsync();
        var (exitCode, output) = await Tool.Run("dotnet", [Program("Silo"), "healthcheck", "--urls", node.Address.ToString()]);
        Assert.Equal(1, exitCode);
        Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_node_that_is_alive_and_not_ready_is_told_apart()
    {
        using var notReady = new CannedServer(request => request.Contains("/health/ready", StringComparison.Ordinal)
            ? CannedServer.Answer("503 Service Unavailable", "{\"error\":\"not_ready\"}")
            : CannedServer.Answer("200 OK", "{}"));

        await Tool.Succeeds("dotnet", [Program("Silo"), "healthcheck", "--urls", $"http://*:{notReady.Port}"]);
        var (exitCode, output) = await Tool.Run("dotnet", [Program("Silo"), "healthcheck", "ready", "--urls", $"http://*:{notReady.Port}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("503: {\"error\":\"not_ready\"}", output, StringComparison.Ordinal);
    }

    private static string Program(string host) => Path.Combine(
        Repository.Root, "src", host, "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!),
        "net10.0", $"KeysCluster.{host}.dll");
}

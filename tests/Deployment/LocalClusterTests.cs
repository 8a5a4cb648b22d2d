using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The cluster that the README starts with one command.</summary>
[SupportedOSPlatform("linux"), Trait("Requires", "PostgreSQL")]
public sealed class LocalClusterTests : IDisposable
{
    private const string ScriptName = "local-cluster.sh";

    private static readonly string[] SecretFiles =
    [
        "pepper", "admin-key", "postgres-password", "postgres-owner-password", "postgres-service-password",
        "postgres-gateways-password", "project-api-key",
    ];

    private readonly TemporaryFolder _folder = new();

    private string DataFolder => Path.Combine(_folder.Root, "cluster");

    [Fact]
    public async Task Three_silos_start_with_one_command_survive_losing_one_and_restart()
    {
        // When the tests run as root, PostgreSQL runs as its own account, which must reach the data folder.
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.OtherExecute);
        string secret;
        int[] processes;
        var firstPort = FreePort.Next(14);

        using (var cluster = await StartAsync(firstPort))
        {
            processes = [.. Directory.GetFiles(DataFolder, "*.pid").Select(ReadProcessId)];
            Assert.Equal(4, processes.Length);
            Assert.All(SecretFiles, file => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(DataFolder, file))));

            using (var client = CreateClient(firstPort + 1)) secret = (await client.CreateAsync()).Secret;
            for (var port = firstPort; port <= firstPort + 3; port++)
            {
                using var client = CreateClient(port);
                Assert.Equal("active", await client.VerifyAsync(secret));
            }

            Process.GetProcessById(ReadProcessId(Path.Combine(DataFolder, "silo-3.pid"))).Kill();
            for (var port = firstPort; port <= firstPort + 2; port++)
            {
                using var client = CreateClient(port);
                Assert.Equal("active", await client.VerifyWithRetryAsync(secret));
            }

            await cluster.StopAsync();
        }

        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.False(File.Exists(Path.Combine(DataFolder, "postgres", "postmaster.pid")));

        using var restarted = await StartAsync(firstPort);
        using (var client = CreateClient(firstPort + 3)) Assert.Equal("active", await client.VerifyAsync(secret));
        await restarted.StopAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_reported_and_nothing_is_started()
    {
        using var other = new StubHttpServer(_ => StubHttpServer.CreateResponse("200 OK", "{}"));
        var environment = new Dictionary<string, string?> { ["REST_PORT"] = $"{other.Port}" };
        var (exitCode, output) = await ProgramRunner.RunAsync(
            DeployFiles.GetPath(ScriptName), [DataFolder], environment);

        Assert.Equal(1, exitCode);
        Assert.Contains($"port {other.Port} is taken; set REST_PORT", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(DataFolder, "*.pid"));
    }

    public void Dispose() => _folder.Dispose();

    private static int ReadProcessId(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    private Task<ScriptProcess> StartAsync(int firstPort)
    {
        var start = new ProcessStartInfo(DeployFiles.GetPath(ScriptName), [DataFolder]);
        start.Environment["REST_PORT"] = firstPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["MANAGEMENT_PORT"] = (firstPort + 10).ToString(CultureInfo.InvariantCulture);
        start.Environment["SILO_PORT"] = (firstPort + 4).ToString(CultureInfo.InvariantCulture);
        start.Environment["GATEWAY_PORT"] = (firstPort + 7).ToString(CultureInfo.InvariantCulture);
        return ScriptProcess.StartAsync(start, "Ctrl-C stops everything.");
    }

    private KeysClient CreateClient(int port)
    {
        var apiKey = File.ReadAllText(Path.Combine(DataFolder, "project-api-key")).Trim();
        return new KeysClient(new Uri($"http://127.0.0.1:{port}"), apiKey);
    }
}

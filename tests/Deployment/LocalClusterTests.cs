using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The cluster that the README starts in one command, on other ports.</summary>
[SupportedOSPlatform("linux")]
public sealed class LocalClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DataFolder => Path.Combine(_folder.Root, "cluster");

    [Fact]
    public async Task Three_silos_start_with_one_command_survive_losing_one_and_restart()
    {
        // PostgreSQL's own account passes through, when the tests run as root.
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.OtherExecute);
        string secret;
        int[] pids;
        var ports = FreePort.Next(10);

        using (var cluster = await StartAsync(ports))
        {
            pids = [.. Directory.GetFiles(DataFolder, "*.pid").Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture))];
            Assert.Equal(4, pids.Length);
            Assert.All((string[])["pepper", "admin-key", "postgres-password", "project-api-key"], file =>
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(DataFolder, file))));

            using (var first = CreateClient(ports + 1)) secret = (await first.CreateAsync()).Secret;
            for (var port = ports; port <= ports + 3; port++)
            {
                using var client = CreateClient(port);
                Assert.Equal("active", await client.VerifyAsync(secret));
            }

            var third = int.Parse(File.ReadAllText(Path.Combine(DataFolder, "silo-3.pid")), CultureInfo.InvariantCulture);
            Process.GetProcessById(third).Kill();
            for (var port = ports; port <= ports + 2; port++)
            {
                using var client = CreateClient(port);
                Assert.Equal("active", await client.VerifyWithRetryAsync(secret));
            }

            await StopAsync(cluster);
        }

        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.False(File.Exists(Path.Combine(DataFolder, "postgres", "postmaster.pid")));

        using var again = await StartAsync(ports);
        using (var client = CreateClient(ports + 3)) Assert.Equal("active", await client.VerifyAsync(secret));
        await StopAsync(again);
    }

    [Fact]
    public async Task A_port_in_use_is_reported_and_nothing_is_started()
    {
        using var other = new StubHttpServer(_ => StubHttpServer.CreateResponse("200 OK", "{}"));
        var (exitCode, output) = await CommandRunner.RunAsync(
            DeployFiles.GetPath("local-cluster.sh"), [DataFolder], new Dictionary<string, string?> { ["REST_PORT"] = $"{other.Port}" });

        Assert.Equal(1, exitCode);
        Assert.Contains($"port {other.Port} is taken; set REST_PORT", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(DataFolder, "*.pid"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Process> StartAsync(int ports)
    {
        var start = new ProcessStartInfo(DeployFiles.GetPath("local-cluster.sh"), [DataFolder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REST_PORT"] = ports.ToString(CultureInfo.InvariantCulture);
        start.Environment["SILO_PORT"] = (ports + 4).ToString(CultureInfo.InvariantCulture);
        start.Environment["GATEWAY_PORT"] = (ports + 7).ToString(CultureInfo.InvariantCulture);
        var output = new StringBuilder();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Poll.UntilAsync(() =>
        {
            var text = ReadOutput(output);
            Assert.False(process.HasExited, text);
            return Task.FromResult(text.Contains("Ctrl-C stops everything.", StringComparison.Ordinal));
        }, TimeSpan.FromSeconds(180));
        return process;
    }

    private static async Task StopAsync(Process cluster)
    {
        using (Process.Start("kill", ["-TERM", cluster.Id.ToString(CultureInfo.InvariantCulture)])) { }
        await cluster.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
    }

    private KeysClient CreateClient(int port) =>
        new(new Uri($"http://127.0.0.1:{port}"), File.ReadAllText(Path.Combine(DataFolder, "project-api-key")).Trim());

    private static void Append(StringBuilder output, string? line)
    {
        lock (output) output.AppendLine(line);
    }

    private static string ReadOutput(StringBuilder output)
    {
        lock (output) return output.ToString();
    }
}

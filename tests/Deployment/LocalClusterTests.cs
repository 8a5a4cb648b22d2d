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

    private string Data => Path.Combine(_folder.Root, "cluster");

    [Fact]
    public async Task Three_nodes_start_in_one_command_lose_one_stop_and_start_again()
    {
        // PostgreSQL's own account passes through, when the tests run as root.
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.OtherExecute);
        string secret;
        int[] pids;
        var ports = FreePort.Next(10);

        using (var cluster = await Start(ports))
        {
            pids = [.. Directory.GetFiles(Data, "*.pid").Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture))];
            Assert.Equal(4, pids.Length);
            Assert.All((string[])["pepper", "admin-key", "postgres-password", "project-api-key"], file =>
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, file))));

            using (var first = Client(ports + 1)) secret = (await first.CreateAsync()).Secret;
            for (var port = ports; port <= ports + 3; port++)
            {
                using var client = Client(port);
                Assert.Equal("active", await client.VerifyAsync(secret));
            }

            var third = int.Parse(File.ReadAllText(Path.Combine(Data, "silo-3.pid")), CultureInfo.InvariantCulture);
            Process.GetProcessById(third).Kill();
            for (var port = ports; port <= ports + 2; port++)
            {
                using var client = Client(port);
                Assert.Equal("active", await client.VerifyWhenAvailableAsync(secret));
            }

            await Stop(cluster);
        }

        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.False(File.Exists(Path.Combine(Data, "postgres", "postmaster.pid")));

        using var again = await Start(ports);
        using (var client = Client(ports + 3)) Assert.Equal("active", await client.VerifyAsync(secret));
        await Stop(again);
    }

    [Fact]
    public async Task A_port_that_another_service_has_is_told_and_nothing_is_started()
    {
        using var other = new CannedServer(_ => CannedServer.Answer("200 OK", "{}"));
        var (exitCode, output) = await Tool.Run(
            Deploy.PathOf("local-cluster.sh"), [Data], new Dictionary<string, string?> { ["REST_PORT"] = $"{other.Port}" });

        Assert.Equal(1, exitCode);
        Assert.Contains($"port {other.Port} is taken; set REST_PORT", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Data, "*.pid"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Process> Start(int ports)
    {
        var start = new ProcessStartInfo(Deploy.PathOf("local-cluster.sh"), [Data]) { RedirectStandardOutput = true, RedirectStandardError = true };
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
            var text = Text(output);
            Assert.False(process.HasExited, text);
            return Task.FromResult(text.Contains("Ctrl-C stops everything.", StringComparison.Ordinal));
        }, TimeSpan.FromSeconds(180));
        return process;
    }

    private static async Task Stop(Process cluster)
    {
        using (Process.Start("kill", ["-TERM", cluster.Id.ToString(CultureInfo.InvariantCulture)])) { }
        await cluster.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
    }

    private KeysClient Client(int port) =>
        new(new Uri($"http://127.0.0.1:{port}"), File.ReadAllText(Path.Combine(Data, "project-api-key")).Trim());

    private static void Append(StringBuilder output, string? line)
    {
        lock (output) output.AppendLine(line);
    }

    private static string Text(StringBuilder output)
    {
        lock (output) return output.ToString();
    }
}

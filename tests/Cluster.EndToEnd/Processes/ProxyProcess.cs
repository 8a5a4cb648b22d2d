using System.Diagnostics;
using System.Globalization;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>
/// HAProxy in front of the front ends, with the configuration that <c>deploy/haproxy</c> ships. Only addresses differ.
/// </summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ProxyProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts the proxy; null when HAProxy is not installed.</summary>
    public static async Task<ProxyProcess?> TryStartAsync(string folder, IReadOnlyList<Uri> frontEnds)
    {
        var program = ProgramRunner.SearchPath().Append("/usr/sbin")
            .Select(path => Path.Combine(path, "haproxy"))
            .FirstOrDefault(File.Exists);
        if (program is null) return null;

        var port = FreePort.NextAsText();
        var file = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllLinesAsync(file, CreateConfiguration(port, frontEnds));
        var start = new ProcessStartInfo(program, ["-db", "-f", file]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new ProxyProcess(process, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static IEnumerable<string> CreateConfiguration(string port, IReadOnlyList<Uri> frontEnds)
    {
        var isResolver = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "deploy", "haproxy", "haproxy.cfg")))
        {
            // The addresses need no name server.
            if (!line.StartsWith(' ')) isResolver = line.StartsWith("resolvers", StringComparison.Ordinal);
            if (isResolver || line.TrimStart().StartsWith("server ", StringComparison.Ordinal)) continue;
            yield return line
                .Replace("bind :8080", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
                .Replace(" resolvers docker init-addr last,libc,none", "", StringComparison.Ordinal);
            if (!line.StartsWith("backend", StringComparison.Ordinal)) continue;
            foreach (var (index, address) in frontEnds.Index())
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"    server front-end-{index + 1} 127.0.0.1:{address.Port}");
            }
        }
    }
}

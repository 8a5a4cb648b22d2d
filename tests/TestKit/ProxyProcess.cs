using System.Diagnostics;
using System.Globalization;

namespace KeysCluster.TestKit;

/// <summary>
/// HAProxy in front of front ends, with the configuration that <c>deploy/haproxy</c> ships. Only addresses differ, and
/// there is TLS only with certificates.
/// </summary>
public sealed class ProxyProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _configuration = Path.GetTempFileName();

    /// <summary>Starts the proxy; it may not serve yet.</summary>
    /// <param name="frontEndPorts">The loopback ports of the front ends, which serve plain HTTP.</param>
    /// <exception cref="InvalidOperationException">HAProxy is not installed.</exception>
    public ProxyProcess(params IReadOnlyList<int> frontEndPorts)
        : this([.. frontEndPorts.Select(port => (port, port))], certificates: null)
    {
    }

    /// <summary>Starts the proxy; it may not serve yet.</summary>
    /// <param name="frontEnds">The loopback ports of the front ends, for REST and for health.</param>
    /// <param name="certificates">The folder of the proxy's certificates; null for plain HTTP.</param>
    /// <exception cref="InvalidOperationException">HAProxy is not installed.</exception>
    public ProxyProcess(IReadOnlyList<(int Api, int Health)> frontEnds, string? certificates)
    {
        ArgumentNullException.ThrowIfNull(frontEnds);
        var program = FindProgram() ?? throw new InvalidOperationException("HAProxy is not installed.");
        Address = new Uri($"{(certificates is null ? "http" : "https")}://localhost:{FreePort.NextAsText()}");
        File.WriteAllLines(_configuration, CreateConfiguration(Address.Port, frontEnds, certificates));
        var start = new ProcessStartInfo(program, ["-db", "-q", "-f", _configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether HAProxy is installed.</summary>
    public static bool IsAvailable => FindProgram() is not null;

    /// <summary>The address of the proxy.</summary>
    public Uri Address { get; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_configuration);
    }

    private static string? FindProgram() => ProgramRunner.SearchPath().Append("/usr/sbin")
        .Select(path => Path.Combine(path, "haproxy"))
        .FirstOrDefault(File.Exists);

    private static IEnumerable<string> CreateConfiguration(
        int port, IReadOnlyList<(int Api, int Health)> frontEnds, string? certificates)
    {
        var (isResolver, hasServers) = (false, false);
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "deploy", "haproxy", "haproxy.cfg")))
        {
            // The addresses need no name server.
            if (!line.StartsWith(' ')) isResolver = line.StartsWith("resolvers", StringComparison.Ordinal);
            if (isResolver) continue;
            if (!line.TrimStart().StartsWith("server ", StringComparison.Ordinal))
            {
                yield return Adapt(line, port, certificates);
                continue;
            }

            // In the same place: default-server applies to the servers after it only.
            if (hasServers) continue;
            hasServers = true;
            foreach (var (index, frontEnd) in frontEnds.Index())
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"    server front-end-{index + 1} 127.0.0.1:{frontEnd.Api} port {frontEnd.Health}");
            }
        }
    }

    private static string Adapt(string line, int port, string? certificates)
    {
        line = line
            .Replace("bind :8443", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace(" resolvers docker init-addr last,libc,none", "", StringComparison.Ordinal)
            .Replace(" port 8081", "", StringComparison.Ordinal);
        if (certificates is not null) return line.Replace("/run/secrets/proxy", certificates, StringComparison.Ordinal);
        if (line.TrimStart().StartsWith("default-server ssl", StringComparison.Ordinal)) return "";
        return line.Split(" ssl ")[0].Replace(" no-check-ssl", "", StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>HAProxy with the configuration of the deployment.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    /// <summary>Starts the proxy; it may not serve yet.</summary>
    /// <param name="firstPort">The loopback port of the first front end.</param>
    /// <param name="secondPort">The loopback port of the second front end.</param>
    public ProxyProcess(int firstPort, int secondPort)
    {
        var configuration = Path.Combine(_folder.Root, "haproxy.cfg");
        File.WriteAllText(configuration, File.ReadAllText(DeployFiles.Proxy)
            .Replace("bind :8080", $"bind 127.0.0.1:{Port}", StringComparison.Ordinal)
            .Replace("front-end-1:8080", $"127.0.0.1:{firstPort}", StringComparison.Ordinal)
            .Replace("front-end-2:8080", $"127.0.0.1:{secondPort}", StringComparison.Ordinal));
        var start = new ProcessStartInfo("haproxy", ["-db", "-q", "-f", configuration])
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

    public int Port { get; } = FreePort.Next();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}

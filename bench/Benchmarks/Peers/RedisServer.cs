using System.Diagnostics;
using System.Globalization;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>A Redis server on a loopback port, without persistence.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;

    private RedisServer(Process process, string folder, int port) =>
        (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort.Next();
        var folder = Directory.CreateTempSubdirectory("keys-redis-").FullName;
        var start = new ProcessStartInfo(ProgramRunner.Find("redis-server", "redis-server"),
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--dir", folder, "--save", "", "--appendonly", "no", "--daemonize", "no",
        ])
        {
            RedirectStandardOutput = true,
        };
        var server = new RedisServer(Process.Start(start)!, folder, port);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilReadyAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException("Redis exited before it was ready.");
    }
}

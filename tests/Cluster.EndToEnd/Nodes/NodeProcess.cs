using System.Diagnostics;
using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>
/// A silo or a front end that keeps its name, its address and its settings while its processes come and go. All that they
/// print goes to one log file.
/// </summary>
internal sealed class NodeProcess(string name, string program, Uri address, IReadOnlyDictionary<string, string> settings, string logFile)
    : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly StreamWriter _log = new(logFile) { AutoFlush = true };
    private readonly Lock _lock = new();
    private Process? _process;

    public string Name => name;

    /// <summary>Where it serves REST.</summary>
    public Uri Address => address;

    public bool HasExited
    {
        get
        {
            lock (_lock) return _process is null or { HasExited: true };
        }
    }

    public void Start()
    {
        // Others look whether it has ended, which a process that is not started yet cannot tell.
        lock (_lock) StartProcess();
    }

    private void StartProcess()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        Log($"--- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} start");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        Log($"--- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} kill");
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Asks it to end as an orchestrator does, and kills it when it takes too long, as an orchestrator does.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Log("--- did not stop within 30 s");
            await KillAsync();
        }
    }

    /// <summary>Whether it has ended, or does so while this waits for a moment.</summary>
    public async Task<bool> TryWaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            if (_process is not null) await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It goes on.
        }

        return HasExited;
    }

    /// <summary>Waits until it is ready to serve; false when it ended first or took too long.</summary>
    public async Task<bool> TryWaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        using var deadline = new CancellationTokenSource(StartTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!deadline.IsCancellationRequested && !HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), deadline.Token);
                if (answer.IsSuccessStatusCode) return true;
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (HttpRequestException)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Too slow; the loop asks whether there is time left.
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited) await KillAsync();
        _process?.Dispose();
        lock (_log) _log.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        if (HasExited) return;
        Log($"--- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {signal}");
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void Log(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            if (_log.BaseStream is { CanWrite: true }) _log.WriteLine(line);
        }
    }
}

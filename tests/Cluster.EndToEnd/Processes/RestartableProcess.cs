using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>
/// A silo or front end that can be restarted. Its name, address and settings stay the same. The output of all its
/// processes is written to one log file.
/// </summary>
internal sealed class RestartableProcess(
    string name,
    string program,
    Uri address,
    IReadOnlyDictionary<string, string> settings,
    string logFile,
    IReadOnlyDictionary<string, string>? environment = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly StreamWriter _log = new(logFile) { AutoFlush = true };
    private readonly Lock _lock = new();
    private ServiceProcess? _process;
    private bool _isDisposed;
    private bool _isLogClosed;

    public string Name => name;

    /// <summary>The address of the REST API.</summary>
    public Uri Address => address;

    /// <summary>Another program to start from now on, such as another build; null for the usual one.</summary>
    public string? ProgramOverride { get; set; }

    public bool HasExited
    {
        get
        {
            lock (_lock) return _process is null or { HasExited: true };
        }
    }

    /// <summary>Starts a process and returns before it is ready. The previous process must have exited.</summary>
    public async Task StartAsync()
    {
        LogEvent("start");
        ServiceProcess? previous;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            previous = _process;
            _process = ServiceProcess.Launch(
                ProgramOverride ?? program, settings, environment, address, onOutput: Log);
        }

        if (previous is not null) await previous.DisposeAsync();
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        LogEvent("kill");
        await _process!.KillAsync();
    }

    /// <summary>Suspends all threads of the process.</summary>
    public void Pause() => SendSignal("STOP");

    /// <summary>Resumes the process after <see cref="Pause"/>.</summary>
    public void Resume() => SendSignal("CONT");

    /// <summary>Sends SIGTERM, and kills the process after a timeout, as an orchestrator does.</summary>
    public async Task StopAsync()
    {
        SendSignal("TERM");
        if (await TryWaitForExitAsync(StopTimeout)) return;
        LogEvent($"did not stop within {StopTimeout}");
        await KillAsync();
    }

    /// <summary>Waits until the process exits.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return _process is null ? Task.CompletedTask : _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits until the process exits; false when it did not exit in time.</summary>
    public async Task<bool> TryWaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return HasExited;
        }
    }

    /// <summary>Waits until the process is ready; false when it exited or was not ready in time.</summary>
    public async Task<bool> TryWaitUntilReadyAsync()
    {
        try
        {
            await _process!.WaitUntilReadyAsync();
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) _isDisposed = true;
        if (_process is not null) await _process.DisposeAsync();
        lock (_log)
        {
            _isLogClosed = true;
            _log.Dispose();
        }
    }

    private void SendSignal(string signal)
    {
        if (HasExited) return;
        LogEvent(signal);
        _process!.SendSignal(signal);
    }

    private void LogEvent(string text) => Log($"--- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {text}");

    private void Log(string line)
    {
        lock (_log)
        {
            if (!_isLogClosed) _log.WriteLine(line);
        }
    }
}

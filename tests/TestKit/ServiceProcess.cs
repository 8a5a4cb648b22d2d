using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace KeysCluster.TestKit;

/// <summary>A process of the silo or the front end.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The number of lines that the message of a failed test shows.</summary>
    private const int LogLines = 100;

    private readonly Process _process;
    private readonly Lock _outputLock = new();
    private readonly List<string> _output = [];
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _outputWaiters = [];

    private ServiceProcess(Process process, Uri address, Uri? managementAddress) =>
        (_process, Address, ManagementAddress) = (process, address, managementAddress);

    /// <summary>The address of the REST API.</summary>
    public Uri Address { get; }

    /// <summary>The address of the health endpoints, if it is not <see cref="Address"/>.</summary>
    public Uri? ManagementAddress { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Returns whether the process has exited.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code of a process that has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Everything that the process wrote to standard output and error.</summary>
    public string Output => ReadOutput(int.MaxValue);

    /// <summary>Launches a program and returns before it is ready.</summary>
    /// <param name="project">A folder under <c>src</c>, or the path of a program.</param>
    /// <param name="settings">The configuration; its keys contain colons.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="address">The address to listen on; null chooses one.</param>
    /// <param name="onOutput">Receives each line of output, which <see cref="Output"/> then does not contain.</param>
    /// <param name="folder">The working folder; null for the folder of temporary files.</param>
    public static ServiceProcess Launch(
        string project,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string>? environment = null,
        Uri? address = null,
        Action<string>? onOutput = null,
        string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        address ??= new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var program = Path.IsPathRooted(project) ? project : Repository.GetProgramPath(project);
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;

        var service = new ServiceProcess(
            new Process { StartInfo = start },
            address,
            settings.TryGetValue("Hosting:ManagementUrl", out var management) ? new Uri(management) : null);
        DataReceivedEventHandler receive = (_, line) =>
        {
            if (line.Data is { } text) (onOutput ?? service.AppendOutput)(text);
        };
        service._process.OutputDataReceived += receive;
        service._process.ErrorDataReceived += receive;
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Launches a program and waits until it is ready.</summary>
    /// <param name="project">A folder under <c>src</c>, or the path of a program.</param>
    /// <param name="settings">The configuration; its keys contain colons.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="folder">The working folder; null for the folder of temporary files.</param>
    /// <param name="address">The address to listen on; null chooses one.</param>
    /// <exception cref="InvalidOperationException">The process exited; the message contains its output.</exception>
    /// <exception cref="TimeoutException">The process was not ready in time.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string project,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        Uri? address = null)
    {
        var service = Launch(project, settings, environment, address, folder: folder);
        try
        {
            await service.WaitUntilReadyAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Launches a program that is expected to fail at startup, and waits until it exits.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(
        string project,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var service = Launch(project, settings, environment);
        await service.WaitForExitAsync().WaitAsync(StartTimeout);
        return (service.ExitCode, service.Output);
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, as an orchestrator does, and waits until the process exits.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">The process did not exit within a minute.</exception>
    public async Task<int> StopAsync()
    {
        SendSignal("TERM");
        await WaitForExitAsync().WaitAsync(StopTimeout);
        return ExitCode;
    }

    /// <summary>Suspends all threads of the process (SIGSTOP). Its connections stay open.</summary>
    public void Pause() => SendSignal("STOP");

    /// <summary>Resumes the process after <see cref="Pause"/>.</summary>
    public void Resume() => SendSignal("CONT");

    /// <summary>Sends a signal to the process.</summary>
    /// <param name="signal">The name of the signal without <c>SIG</c>.</param>
    public void SendSignal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the process exits.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) =>
        _process.WaitForExitAsync(cancellationToken);

    /// <summary>Returns the status code of the readiness check; null when the process does not respond.</summary>
    public async Task<HttpStatusCode?> GetReadinessAsync() => (await CheckReadinessAsync())?.Status;

    /// <summary>
    /// Waits until the process is ready and has a lease. Without one, a front end is ready but caches nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process exited; the message contains its output.</exception>
    /// <exception cref="TimeoutException">The process was not ready in time.</exception>
    public Task WaitUntilReadyAsync() => Wait.UntilAsync(async () =>
    {
        if (HasExited) throw new InvalidOperationException($"The process exited: {Output}");
        return await CheckReadinessAsync() is { Status: HttpStatusCode.OK } readiness
            && !readiness.Body.Contains("no valid lease", StringComparison.Ordinal);
    }, StartTimeout, "the process is ready");

    /// <summary>Returns the first line of output that contains a text, as soon as the process writes it.</summary>
    /// <exception cref="TimeoutException">The process did not write the text in time.</exception>
    public async Task<string> WaitForOutputAsync(string text)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_outputLock)
        {
            if (_output.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line) return line;
            _outputWaiters.Add((text, found));
        }

        return await found.Task.WaitAsync(StartTimeout);
    }

    /// <summary>Returns the API key that the embedded topology prints at its first start.</summary>
    public async Task<string> ReadPrintedApiKeyAsync() =>
        (await WaitForOutputAsync("Project API key")).Trim().Split(' ')[^1];

    /// <summary>Creates a client of the REST API.</summary>
    public KeysClient CreateClient(string? apiKey = null) => new(Address, apiKey, () => ReadOutput(LogLines));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)?> CheckReadinessAsync()
    {
        using var http = new HttpClient
        {
            BaseAddress = ManagementAddress ?? Address,
            Timeout = TimeSpan.FromSeconds(10),
        };
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private string ReadOutput(int lineCount)
    {
        lock (_outputLock) return string.Join('\n', _output.TakeLast(lineCount));
    }

    private void AppendOutput(string line)
    {
        lock (_outputLock)
        {
            _output.Add(line);
            _outputWaiters.RemoveAll(waiter =>
                line.Contains(waiter.Text, StringComparison.Ordinal) && waiter.Found.TrySetResult(line));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace KeysCluster.TestKit;

/// <summary>A Silo or Api, of this build unless a path names another, as a process of its own: started, asked, killed.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it serves REST.</summary>
    public Uri Address { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has written to standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a program and waits until it is ready to serve.</summary>
    /// <param name="project">A folder under <c>src</c>, <c>Silo</c> or <c>Api</c>, or the path of another build's program.</param>
    /// <param name="settings">Configuration, by its keys with colons.</param>
    /// <param name="environment">Further environment variables, such as those of faketime.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message has its output.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string project, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        var service = Launch(project, settings, environment);
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

    /// <summary>Starts a program that is expected not to come up, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(
        string project, IReadOnlyDictionary<string, string> settings)
    {
        await using var service = Launch(project, settings, null);
        await service._process.WaitForExitAsync().WaitAsync(StartTimeout);
        return (service._process.ExitCode, service.Output);
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end as an orchestrator does (SIGTERM), and waits for that.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        SendSignal("TERM");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Stops its threads, as a machine that hangs does; its connections stay open.</summary>
    public void Pause() => SendSignal("STOP");

    /// <summary>Undoes <see cref="Pause"/>.</summary>
    public void Resume() => SendSignal("CONT");

    /// <summary>What its readiness says; null when it does not answer.</summary>
    public async Task<HttpStatusCode?> GetReadinessAsync()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until it is ready to serve, at its start or after its storage was away.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await Poll.UntilAsync(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"The process ended: {Output}");
            return await GetReadinessAsync() == HttpStatusCode.OK;
        }, StartTimeout);
    }

    /// <summary>The project's API key that an embedded process prints on its first start.</summary>
    public async Task<string> ReadPrintedApiKeyAsync()
    {
        string? line = null;
        await Poll.UntilAsync(() =>
        {
            line = Output.Split('\n').FirstOrDefault(line => line.Contains("Project API key", StringComparison.Ordinal));
            return Task.FromResult(line is not null);
        }, StartTimeout);
        return line!.Trim().Split(' ')[^1];
    }

    /// <summary>A client of its REST API.</summary>
    public KeysClient CreateClient(string? apiKey = null) => new(Address, apiKey);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static ServiceProcess Launch(
        string project, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [GetProgramPath(project), "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;

        var service = new ServiceProcess(new Process { StartInfo = start }, address);
        service._process.OutputDataReceived += (_, line) => service.AppendOutput(line.Data);
        service._process.ErrorDataReceived += (_, line) => service.AppendOutput(line.Data);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    private void SendSignal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string GetProgramPath(string project) =>
        Path.IsPathRooted(project) ? project : Repository.GetProgramPath(project);

    private void AppendOutput(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}

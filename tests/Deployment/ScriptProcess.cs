using System.Diagnostics;
using System.Globalization;
using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>A running script, with its output.</summary>
internal sealed class ScriptProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptProcess(ProcessStartInfo start, string startedText)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        DataReceivedEventHandler receive = (_, line) =>
        {
            lock (_output) _output.AppendLine(line.Data);
            if (line.Data?.Contains(startedText, StringComparison.Ordinal) == true) _started.TrySetResult();
        };
        _process.OutputDataReceived += receive;
        _process.ErrorDataReceived += receive;
    }

    /// <summary>Starts a script and waits until it writes a text.</summary>
    public static async Task<ScriptProcess> StartAsync(ProcessStartInfo start, string startedText)
    {
        var script = new ScriptProcess(start, startedText);
        script._process.Start();
        script._process.BeginOutputReadLine();
        script._process.BeginErrorReadLine();
        await Task.WhenAny(script._started.Task, script._process.WaitForExitAsync()).WaitAsync(StartTimeout);
        Assert.True(script._started.Task.IsCompleted, script.ReadOutput());
        return script;
    }

    /// <summary>Sends SIGTERM and waits until the script exits.</summary>
    public async Task StopAsync()
    {
        var id = _process.Id.ToString(CultureInfo.InvariantCulture);
        await ProgramRunner.RunSuccessfullyAsync("kill", ["-TERM", id]);
        await _process.WaitForExitAsync().WaitAsync(StopTimeout);
    }

    public void Dispose() => _process.Dispose();

    private string ReadOutput()
    {
        lock (_output) return _output.ToString();
    }
}

namespace KeysCluster.Hosting;

/// <summary>Runs a host and turns its end into the exit code of the process.</summary>
public static class HostRunner
{
    /// <summary>Runs a host until it has stopped; prints why if it fails.</summary>
    /// <param name="runHostAsync">Builds, starts and stops the host.</param>
    /// <returns>
    /// 0 if the host was asked to stop, also during its start; 1 if it failed. A service that stops the host because of
    /// a fault sets <see cref="Environment.ExitCode"/>.
    /// </returns>
    public static async Task<int> RunAsync(Func<Task> runHostAsync)
    {
        try
        {
            await runHostAsync();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // A signal stopped the host while it was starting.
            return 0;
        }
        catch (Exception exception)
        {
            return StartupFailure.Report(exception);
        }
    }
}

namespace KeysCluster.Contract.SecretCanary;

/// <summary>A process that says all that it can say: every log, every trace, every metric.</summary>
internal static class CanaryProcess
{
    /// <summary>The categories that the defaults quieten by name.</summary>
    private static readonly string[] Categories =
        ["Default", "Microsoft.AspNetCore", "Orleans", "Npgsql", "Polly", "KeysCluster.Silo.Storage"];

    public static Dictionary<string, string> Verbose(OtlpListener telemetry)
    {
        var environment = telemetry.Environment;
        foreach (var category in Categories) environment[$"Logging__LogLevel__{category}"] = "Trace";
        return environment;
    }

    /// <summary>Waits until the traces of what was done last have come.</summary>
    public static async Task WaitForAsync(OtlpListener telemetry, string marker)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (telemetry.Received("traces").AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(marker)) < 0
            || telemetry.Received("metrics").Length == 0)
            await poll.WaitForNextTickAsync(deadline.Token);
    }
}

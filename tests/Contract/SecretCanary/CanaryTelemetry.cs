namespace KeysCluster.Contract.SecretCanary;

/// <summary>A process that says all that it can say: every log, every trace, every metric.</summary>
internal static class CanaryTelemetry
{
    /// <summary>The categories that the defaults quieten by name.</summary>
    private static readonly string[] LogCategories =
        ["Default", "Microsoft.AspNetCore", "Orleans", "Npgsql", "Polly", "KeysCluster.Silo.Storage"];

    public static Dictionary<string, string> CreateVerboseEnvironment(OtlpListener telemetry)
    {
        var environment = telemetry.Environment;
        foreach (var category in LogCategories) environment[$"Logging__LogLevel__{category}"] = "Trace";
        return environment;
    }

    /// <summary>Waits until the traces of what was done last have come.</summary>
    public static async Task WaitForTelemetryAsync(OtlpListener telemetry, string marker)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (telemetry.GetReceived("traces").AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(marker)) < 0
            || telemetry.GetReceived("metrics").Length == 0)
            await poll.WaitForNextTickAsync(deadline.Token);
    }
}

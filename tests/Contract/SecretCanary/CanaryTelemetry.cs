namespace KeysCluster.Contract.Tests.SecretCanary;

/// <summary>Makes a process emit everything that it can: every log, every trace, every metric.</summary>
internal static class CanaryTelemetry
{
    private static readonly JsonDocumentOptions JsonWithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static Dictionary<string, string> CreateVerboseEnvironment(OtlpListener telemetry)
    {
        var environment = telemetry.CreateEnvironment();
        foreach (var category in ReadLogCategories()) environment[$"Logging__LogLevel__{category}"] = "Trace";
        return environment;
    }

    /// <summary>Returns the categories whose level the service's own settings limit.</summary>
    private static IReadOnlyList<string> ReadLogCategories()
    {
        var file = Path.Combine(Repository.Root, "src", "Hosting", "appsettings.json");
        using var settings = JsonDocument.Parse(File.ReadAllText(file), JsonWithComments);
        var levels = settings.RootElement.GetProperty("Logging").GetProperty("LogLevel");
        return [.. levels.EnumerateObject().Select(level => level.Name)];
    }
}

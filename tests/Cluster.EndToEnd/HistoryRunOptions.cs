using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>How large and long a run is. <c>run.sh</c> sets what differs from the run in CI.</summary>
internal sealed record HistoryRunOptions
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the soak at full load is.</summary>
    public TimeSpan SoakDuration { get; init; } = TimeSpan.FromSeconds(20);

    public int Silos { get; init; } = 3;

    public int FrontEnds { get; init; } = 1;

    public int Seed { get; init; } = 20_260_427;

    public int Clients { get; init; } = 8;

    /// <summary>Where to write the report; null for nowhere.</summary>
    public string? ReportFolder { get; init; }

    public static HistoryRunOptions FromEnvironment()
    {
        var settings = new HistoryRunOptions();
        return settings with
        {
            Duration = TimeSpan.FromMinutes(ReadNumber("MINUTES", settings.Duration.TotalMinutes)),
            SoakDuration = TimeSpan.FromMinutes(ReadNumber("SOAK_MINUTES", settings.SoakDuration.TotalMinutes)),
            Silos = (int)ReadNumber("SILOS", settings.Silos),
            FrontEnds = (int)ReadNumber("FRONT_ENDS", settings.FrontEnds),
            Seed = ReadText("SEED") is "random" ? SeededRandom.NewSeed() : (int)ReadNumber("SEED", settings.Seed),
            Clients = (int)ReadNumber("CLIENTS", settings.Clients),
            ReportFolder = ReadText("REPORT"),
        };
    }

    private static double ReadNumber(string name, double otherwise) =>
        ReadText(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? ReadText(string name) => Environment.GetEnvironmentVariable($"KEYS_HISTORY_{name}") is { Length: > 0 } text ? text : null;
}

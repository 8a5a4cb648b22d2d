using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>How large and long a run is. <c>run.sh</c> sets what differs from the run in CI.</summary>
internal sealed record RunSettings
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the soak at full load is.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromSeconds(20);

    public int Silos { get; init; } = 3;

    public int FrontEnds { get; init; } = 1;

    public int Seed { get; init; } = 20_260_427;

    public int Clients { get; init; } = 8;

    /// <summary>Where to write the report; null for nowhere.</summary>
    public string? ReportFolder { get; init; }

    public static RunSettings FromEnvironment()
    {
        var settings = new RunSettings();
        return settings with
        {
            Duration = TimeSpan.FromMinutes(Number("MINUTES", settings.Duration.TotalMinutes)),
            Soak = TimeSpan.FromMinutes(Number("SOAK_MINUTES", settings.Soak.TotalMinutes)),
            Silos = (int)Number("SILOS", settings.Silos),
            FrontEnds = (int)Number("FRONT_ENDS", settings.FrontEnds),
            Seed = Text("SEED") is "random" ? Dice.NewSeed() : (int)Number("SEED", settings.Seed),
            Clients = (int)Number("CLIENTS", settings.Clients),
            ReportFolder = Text("REPORT"),
        };
    }

    private static double Number(string name, double otherwise) =>
        Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string name) => Environment.GetEnvironmentVariable($"KEYS_HISTORY_{name}") is { Length: > 0 } text ? text : null;
}

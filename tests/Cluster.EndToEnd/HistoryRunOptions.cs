using System.Globalization;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>The options of a run. The defaults are those of CI; <c>run.sh</c> sets others.</summary>
internal sealed record HistoryRunOptions
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The duration of the soak test at full load.</summary>
    public TimeSpan SoakDuration { get; init; } = TimeSpan.FromSeconds(20);

    public int Silos { get; init; } = 3;

    public int FrontEnds { get; init; } = 1;

    public int Seed { get; init; } = 20_260_427;

    public int Clients { get; init; } = 8;

    /// <summary>Whether the run ends at the first violation, which it then looks for all the time.</summary>
    public bool StopsAtViolation { get; init; }

    /// <summary>The kinds of faults to inject; null for all that the run can have.</summary>
    public IReadOnlySet<IncidentKind>? Faults { get; init; }

    /// <summary>The folder of the report; null for no report.</summary>
    public string? ReportFolder { get; init; }

    /// <summary>
    /// Whether the run has the faults that need time or rights: a full disk, failover, clocks, the previous build. The
    /// run of CI has the others only, and shorter.
    /// </summary>
    public bool HasAllFaults => Duration >= TimeSpan.FromMinutes(5);

    public double DurationFactor => HasAllFaults ? 1 : 0.3;

    /// <summary>Returns the options of the cluster. Builds the previous revision if necessary.</summary>
    public async Task<ProcessClusterOptions> CreateClusterOptionsAsync(Action<string> log) => new()
    {
        HasSmallDisk = HasAllFaults,
        HasFailOver = HasAllFaults,
        HasFakeClock = HasAllFaults,
        HasProxy = true,
        PreviousSiloProgram = HasAllFaults ? await PreviousSilo.TryBuildAsync(log) : null,
    };

    public static HistoryRunOptions FromEnvironment()
    {
        var defaults = new HistoryRunOptions();
        return defaults with
        {
            Duration = TimeSpan.FromMinutes(ReadNumber("MINUTES", defaults.Duration.TotalMinutes)),
            SoakDuration = TimeSpan.FromMinutes(ReadNumber("SOAK_MINUTES", defaults.SoakDuration.TotalMinutes)),
            Silos = (int)ReadNumber("SILOS", defaults.Silos),
            FrontEnds = (int)ReadNumber("FRONT_ENDS", defaults.FrontEnds),
            Seed = ReadText("SEED") is "random" ? SeededRandom.NewSeed() : (int)ReadNumber("SEED", defaults.Seed),
            Clients = (int)ReadNumber("CLIENTS", defaults.Clients),
            StopsAtViolation = ReadText("STOP_AT_VIOLATION") is not null,
            Faults = ReadText("FAULTS")?.Split(',').Select(Enum.Parse<IncidentKind>).ToHashSet(),
            ReportFolder = ReadText("REPORT"),
        };
    }

    private static double ReadNumber(string name, double defaultValue) =>
        ReadText(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : defaultValue;

    private static string? ReadText(string name) =>
        Environment.GetEnvironmentVariable($"KEYS_HISTORY_{name}") is { Length: > 0 } text ? text : null;
}

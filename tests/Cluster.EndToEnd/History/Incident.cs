using KeysCluster.Cluster.EndToEnd.Clients;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A fault of a silo, a front end or the database.</summary>
/// <param name="Kind">The kind of the fault.</param>
/// <param name="Target">The name of the silo or front end, or <c>postgresql</c>.</param>
/// <param name="Start">The start of the fault.</param>
/// <param name="Peer">The other silo that the fault hits; null when there is none.</param>
internal sealed record Incident(IncidentKind Kind, string Target, Moment Start, string? Peer = null)
{
    /// <summary>The end of the fault; null while it lasts.</summary>
    public Moment? HealedAt { get; set; }

    /// <summary>When the target was ready again; null before.</summary>
    public Moment? ReadyAt { get; set; }

    /// <summary>When the membership table declared the silo dead; null if it never did.</summary>
    public Moment? DeclaredDeadAt { get; set; }

    /// <summary>Whether the process of the target did not run.</summary>
    public bool StopsProcess => Kind is IncidentKind.KillSilo or IncidentKind.KillFrontEnd or IncidentKind.PauseSilo
        or IncidentKind.PauseFrontEnd or IncidentKind.StopSilo or IncidentKind.RunPreviousBuild
        or IncidentKind.ExitedByItself;

    /// <summary>The silos or the front end that the fault hits, or PostgreSQL.</summary>
    public IEnumerable<string> Targets => Peer is null ? [Target] : [Target, Peer];

    /// <summary>
    /// The processes whose calls the fault may fail: the targets, and the proxy when it forwards to one of them.
    /// </summary>
    public IEnumerable<string> ImpairedProcesses =>
        Target.StartsWith(CallTarget.FrontEndPrefix, StringComparison.Ordinal)
            ? [.. Targets, CallTarget.ProxyName]
            : Targets;

    /// <summary>Returns whether the incident overlaps a call in time.</summary>
    public bool Overlaps(RecordedCall call) =>
        Start.Ticks - DetectionDelay.Ticks < call.End.Ticks && (ReadyAt is not { } ready || ready > call.Start);

    /// <summary>How long before its recorded start the incident may have begun.</summary>
    /// <remarks>A process that exits by itself fails calls before the test observes the exit.</remarks>
    private TimeSpan DetectionDelay => Kind == IncidentKind.ExitedByItself ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

    public override string ToString() =>
        $"{Start.WallClock:HH:mm:ss.fff} {Kind} {string.Join(" and ", Targets)}, "
        + $"healed {HealedAt?.WallClock:HH:mm:ss.fff}, ready {ReadyAt?.WallClock:HH:mm:ss.fff}"
        + (DeclaredDeadAt is { } dead ? $", declared dead {dead.WallClock:HH:mm:ss.fff}" : "");
}

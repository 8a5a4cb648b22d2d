namespace KeysCluster.Cluster.EndToEnd.History;

internal enum IncidentKind
{
    KillSilo,
    KillFrontEnd,
    PauseSilo,
    PauseFrontEnd,
    StopSilo,
    IsolateFromPeers,
    IsolateFromPostgres,
    IsolateFromBoth,
    RestartPostgres,
    CrashPostgres,

    /// <summary>A process that ended by itself, as a silo does that learns that it was declared dead.</summary>
    EndedByItself,
}

/// <summary>What befell a node or the database.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">The node's name, or <c>postgresql</c>.</param>
/// <param name="Start">When it began.</param>
internal sealed record Incident(IncidentKind Kind, string Target, Moment Start)
{
    /// <summary>When the fault was taken away; null while it lasts.</summary>
    public Moment? HealedAt { get; set; }

    /// <summary>When its target was ready again; null before.</summary>
    public Moment? ReadyAt { get; set; }

    /// <summary>When the membership table said that the silo is dead; null when it never did.</summary>
    public Moment? DeclaredDeadAt { get; set; }

    /// <summary>Whether its target could not answer, whatever it is made of.</summary>
    public bool StopsProcess => Kind is IncidentKind.KillSilo or IncidentKind.KillFrontEnd or IncidentKind.PauseSilo
        or IncidentKind.PauseFrontEnd or IncidentKind.StopSilo or IncidentKind.EndedByItself;

    /// <summary>Whether it lasted while a call ran.</summary>
    public bool Overlaps(RecordedCall call) =>
        Start.Ticks - DetectionDelay.Ticks < call.End.Ticks && (ReadyAt is not { } ready || ready > call.Start);

    /// <summary>How long before it was noticed it may have begun: nobody tells when a process ends by itself.</summary>
    private TimeSpan DetectionDelay => Kind == IncidentKind.EndedByItself ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

    public override string ToString() =>
        $"{Start.WallClock:HH:mm:ss.fff} {Kind} {Target}, healed {HealedAt?.WallClock:HH:mm:ss.fff}, ready {ReadyAt?.WallClock:HH:mm:ss.fff}"
        + (DeclaredDeadAt is { } dead ? $", declared dead {dead.WallClock:HH:mm:ss.fff}" : "");
}

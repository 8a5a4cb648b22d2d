namespace KeysCluster.Silo.Moves;

/// <summary>The result of a move.</summary>
public sealed record MoveReport
{
    /// <summary>What the move has done.</summary>
    public required MoveOutcome Outcome { get; init; }

    /// <summary>The cluster's database, as <c>host:port/name</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The service id that the cluster needs (<c>Cluster:ServiceId</c>).</summary>
    public required string ServiceId { get; init; }

    /// <summary>The tables. Empty if the data had been moved before.</summary>
    public IReadOnlyList<TableReport> Tables { get; init; } = [];

    /// <summary>What the states contain; null if the data had been moved before.</summary>
    public StateReport? States { get; init; }

    /// <summary>The settings of the silos that must have the values of the embedded service.</summary>
    public required IReadOnlyList<SettingReport> Settings { get; init; }
}

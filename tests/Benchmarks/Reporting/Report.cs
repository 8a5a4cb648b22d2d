using KeysCluster.Benchmarks.Scale;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Everything that one run measured.</summary>
internal sealed record Report
{
    public required Machine Machine { get; init; }

    public required IReadOnlyList<CallFigures> Validation { get; init; }

    public required RotationFigures Rotation { get; init; }

    /// <summary>Null when it was not measured.</summary>
    public ReminderFigures? Reminders { get; init; }

    /// <summary>Null when it was not measured.</summary>
    public ScaleFigures? Scale { get; init; }
}

/// <summary>A benchmark in this process, and what it is measured against.</summary>
internal sealed record CallFigures
{
    public required string Name { get; init; }

    public required string Baseline { get; init; }

    public required Spread OverBaseline { get; init; }

    public required Spread Nanoseconds { get; init; }

    public required long AllocatedBytes { get; init; }
}

/// <summary>Rotations and bare updates on one PostgreSQL.</summary>
internal sealed record RotationFigures
{
    /// <summary>How large the state of a key is after one rotation and after two; what the bare update writes.</summary>
    public required IReadOnlyList<int> PayloadBytes { get; init; }

    public required string Baseline { get; init; }

    public required IReadOnlyList<LoadFigures> Loads { get; init; }
}

/// <summary>One way to change a key, under one load.</summary>
internal sealed record LoadFigures
{
    public required string Name { get; init; }

    /// <summary>Whether it was the key's first change or another one soon after.</summary>
    public required string Pass { get; init; }

    public required int Concurrency { get; init; }

    public required Spread ThroughputOverBaseline { get; init; }

    public required Spread PerSecond { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }
}

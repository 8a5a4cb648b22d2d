using KeysCluster.Benchmarks.Scale;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Everything that was measured; a part is null when it was not.</summary>
internal sealed record BenchmarkReport
{
    public required Machine Machine { get; init; }

    /// <summary>How long each part took, by its name, with what it starts and fills for itself.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>The parts that were measured again after the run that measured the others.</summary>
    public IReadOnlyList<string> MeasuredApart { get; init; } = [];

    /// <summary>What needs no grain.</summary>
    public IReadOnlyList<CallFigures>? Validation { get; init; }

    /// <summary>Grain calls in the silo's process.</summary>
    public IReadOnlyList<CallFigures>? GrainCalls { get; init; }

    /// <summary>Grain calls from another process.</summary>
    public IReadOnlyList<CallFigures>? ClientCalls { get; init; }

    public ComparedLoads? Peers { get; init; }

    public RotationFigures? Rotation { get; init; }

    public ComparedLoads? Verify { get; init; }

    public RevokeFigures? Revoke { get; init; }

    public ReminderFigures? Reminders { get; init; }

    /// <summary>Null when it was not measured.</summary>
    public ScaleFigures? Scale { get; init; }
}

/// <summary>A call, and what it is measured against.</summary>
internal sealed record CallFigures
{
    public required string Name { get; init; }

    public required string Baseline { get; init; }

    public required Spread OverBaseline { get; init; }

    public required Spread Nanoseconds { get; init; }

    /// <summary>In the caller's process.</summary>
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

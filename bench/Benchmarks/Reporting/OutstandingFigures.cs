namespace KeysCluster.Benchmarks.Reporting;

/// <summary>A silo on a database with a number of reminders, none of which is due.</summary>
internal sealed record OutstandingFigures
{
    public required int Reminders { get; init; }

    /// <summary>The time from the start of the process until it is ready.</summary>
    public required Spread StartMilliseconds { get; init; }

    /// <summary>
    /// The pages that the database read, from its cache or from disk, until a few seconds after that.
    /// </summary>
    public required Spread BlocksReadAtStart { get; init; }

    public required double TransactionsPerSecond { get; init; }

    public required double BlocksPerSecond { get; init; }

    public required double RowsPerSecond { get; init; }

    /// <summary>The processor time per second of the silo.</summary>
    public required double NodeProcessorShare { get; init; }

    public required double NodeMemoryMiB { get; init; }
}

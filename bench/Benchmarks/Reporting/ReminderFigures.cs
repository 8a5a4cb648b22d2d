namespace KeysCluster.Benchmarks.Reporting;

/// <summary>What reminders cost a node that waits for them, and one that has missed them.</summary>
internal sealed record ReminderFigures
{
    /// <summary>The smaller number first.</summary>
    public required IReadOnlyList<OutstandingFigures> Outstanding { get; init; }

    public required CatchUpFigures CatchUp { get; init; }
}

/// <summary>A node on a database with a number of reminders, of which none is due yet.</summary>
internal sealed record OutstandingFigures
{
    public required int Reminders { get; init; }

    /// <summary>From the start of the process until it is ready to serve.</summary>
    public required Spread StartMilliseconds { get; init; }

    /// <summary>Pages that the database read, from cache or disk, until some seconds after the node was ready.</summary>
    public required Spread BlocksReadAtStart { get; init; }

    public required double TransactionsPerSecond { get; init; }

    public required double BlocksPerSecond { get; init; }

    public required double RowsPerSecond { get; init; }

    /// <summary>Seconds of processor time in a second.</summary>
    public required double NodeProcessorShare { get; init; }

    public required double NodeMemoryMiB { get; init; }
}

/// <summary>A node that starts after an outage in which many erasures came due. Times count from when it is ready.</summary>
internal sealed record CatchUpFigures
{
    public required int Overdue { get; init; }

    public required double FirstAfterSeconds { get; init; }

    public required double HalfAfterSeconds { get; init; }

    public required double AllAfterSeconds { get; init; }

    /// <summary>Creations of keys over HTTP while it caught up.</summary>
    public required LatencyFigures During { get; init; }

    /// <summary>The same when that was done.</summary>
    public required LatencyFigures After { get; init; }
}

/// <summary>How long requests took, and how many of them failed.</summary>
internal sealed record LatencyFigures
{
    public required int Requests { get; init; }

    public required int Failed { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public required double MaxMilliseconds { get; init; }
}

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The cost of outstanding reminders and of overdue ones.</summary>
internal sealed record ReminderFigures
{
    /// <summary>Few reminders first, then many.</summary>
    public required IReadOnlyList<OutstandingFigures> Outstanding { get; init; }

    public required CatchUpFigures CatchUp { get; init; }
}

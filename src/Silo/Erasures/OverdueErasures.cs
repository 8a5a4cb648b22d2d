namespace KeysCluster.Silo.Erasures;

/// <summary>The erasures that should have been done.</summary>
/// <param name="Count">Their number, <see cref="OverdueErasureQuery.MaxCount"/> at most.</param>
/// <param name="OldestDueAt">When the oldest of them was due; null if there is none.</param>
internal sealed record OverdueErasures(int Count, DateTimeOffset? OldestDueAt)
{
    /// <summary>Returns how late the oldest erasure is.</summary>
    public TimeSpan GetLateness(DateTimeOffset now) =>
        OldestDueAt is { } dueAt && dueAt < now ? now - dueAt : TimeSpan.Zero;
}

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>
/// A time on both clocks of the machine. The monotonic clock orders events, the wall clock is compared with deadlines.
/// </summary>
/// <param name="Ticks">The monotonic time, in units of 100 ns.</param>
/// <param name="WallClock">The time of the wall clock.</param>
internal readonly record struct Moment(long Ticks, DateTimeOffset WallClock)
{
    public static TimeSpan operator -(Moment later, Moment earlier) =>
        TimeSpan.FromTicks(later.Ticks - earlier.Ticks);

    public static bool operator <(Moment left, Moment right) => left.Ticks < right.Ticks;

    public static bool operator >(Moment left, Moment right) => left.Ticks > right.Ticks;
}

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>
/// A time on both clocks of the machine. The monotonic clock orders events, the wall clock is compared with deadlines.
/// </summary>
/// <param name="Ticks">The monotonic time, in units of 100 ns.</param>
/// <param name="WallClock">The time of the wall clock.</param>
internal readonly record struct Moment(long Ticks, DateTimeOffset WallClock)
{
    /// <summary>Returns the later moment.</summary>
    public static Moment Max(Moment left, Moment right) => left < right ? right : left;

    /// <summary>Returns the moment at which the wall clock shows a time, if it is not set meanwhile.</summary>
    public Moment At(DateTimeOffset wallClock) => this + (wallClock - WallClock);

    public static Moment operator +(Moment moment, TimeSpan duration) =>
        new(moment.Ticks + duration.Ticks, moment.WallClock + duration);

    public static TimeSpan operator -(Moment later, Moment earlier) =>
        TimeSpan.FromTicks(later.Ticks - earlier.Ticks);

    public static bool operator <(Moment left, Moment right) => left.Ticks < right.Ticks;

    public static bool operator >(Moment left, Moment right) => left.Ticks > right.Ticks;
}

namespace KeysCluster.Client;

/// <summary>The body of a rotation.</summary>
internal sealed record GracePeriodBody(long GracePeriodSeconds)
{
    /// <summary>Returns null for the default of the service.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The grace period has a part of a second.</exception>
    public static GracePeriodBody? Create(TimeSpan? gracePeriod)
    {
        if (gracePeriod is not { } period) return null;
        if (period < TimeSpan.Zero || period.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentOutOfRangeException(nameof(gracePeriod), period, "A grace period has whole seconds.");
        return new GracePeriodBody(period.Ticks / TimeSpan.TicksPerSecond);
    }
}

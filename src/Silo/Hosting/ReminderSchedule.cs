namespace KeysCluster.Silo.Hosting;

/// <summary>How a silo looks for reminders that are due; the range queries of the migrations rely on it.</summary>
internal static class ReminderSchedule
{
    /// <summary>How often a silo re-reads its ranges.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    /// <summary>How far ahead of its time a reminder is armed; at least as long as <see cref="Refresh"/>.</summary>
    public static readonly TimeSpan LoadingWindow = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How far ahead the range queries look, by their text in storage. What exceeds <see cref="LoadingWindow"/> covers
    /// clocks of a silo and the database that disagree.
    /// </summary>
    public static readonly TimeSpan RangeFilter = TimeSpan.FromMinutes(20);

    public static ISiloBuilder UseReminderSchedule(this ISiloBuilder silo) => silo.Configure<ReminderOptions>(options =>
        (options.RefreshReminderListPeriod, options.ReminderLoadingWindow) = (Refresh, LoadingWindow));
}

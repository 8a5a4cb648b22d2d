using KeysCluster.Grains.Changes;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// How a silo reads reminders. The range queries of the schema return only reminders that are due within
/// 20 minutes, because reading all of them takes a full table scan. That is longer than <see cref="LoadingWindow"/>,
/// which allows for a difference between the clocks of a silo and the database.
/// </summary>
internal static class ReminderScheduleExtensions
{
    /// <summary>
    /// How far ahead of its due time a silo loads a reminder. At least <see cref="ReminderSchedule.RefreshPeriod"/>.
    /// </summary>
    public static readonly TimeSpan LoadingWindow = TimeSpan.FromMinutes(10);

    public static ISiloBuilder UseReminderSchedule(this ISiloBuilder silo) => silo.Configure<ReminderOptions>(options =>
    {
        options.RefreshReminderListPeriod = ReminderSchedule.RefreshPeriod;
        options.ReminderLoadingWindow = LoadingWindow;
    });
}

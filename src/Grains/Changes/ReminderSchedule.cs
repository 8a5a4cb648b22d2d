namespace KeysCluster.Grains.Changes;

/// <summary>How a silo reads reminders.</summary>
public static class ReminderSchedule
{
    /// <summary>
    /// How often a silo reads the stored reminders of its range. A reminder that is due earlier is registered with the
    /// reminder service as well.
    /// </summary>
    public static readonly TimeSpan RefreshPeriod = TimeSpan.FromMinutes(5);
}

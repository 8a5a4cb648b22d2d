namespace KeysCluster.Storage.Tests;

internal static class TestReminder
{
    /// <summary>
    /// Creates a reminder of a key that is due in some time from now. The range queries compare it with the clock of
    /// the database, so the time is real.
    /// </summary>
    public static ReminderEntry Create(string key, TimeSpan due, string name = "erase") => new()
    {
        GrainId = GrainId.Create("virtual-key", key),
        ReminderName = name,
        StartAt = TimeProvider.System.GetUtcNow().UtcDateTime + due,
        Period = TimeSpan.FromMinutes(1),
    };
}

namespace KeysCluster.Storage.Tests;

/// <summary>Reminders of keys. The due-time filter goes by the database's clock, so the instants are real.</summary>
internal static class TestReminder
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    public static ReminderEntry Create(string key, TimeSpan due, string name = "erase") => new()
    {
        GrainId = GrainId.Create("virtual-key", key),
        ReminderName = name,
        StartAt = Now + due,
        Period = TimeSpan.FromMinutes(1),
    };
}

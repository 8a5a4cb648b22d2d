namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>Where the SQL of webhooks differs between the databases.</summary>
/// <param name="Now">The time of the database, in ISO 8601 in UTC with milliseconds.</param>
/// <param name="InSeconds">The same, later by the parameter <c>@Seconds</c>.</param>
/// <param name="ReminderTime">The parameter <c>@Until</c> as the column <c>StartTime</c> of reminders has it.</param>
/// <param name="FormatReminderTime">The column <c>StartTime</c> of reminders as text.</param>
internal sealed record WebhookDialect(string Now, string InSeconds, string ReminderTime, string FormatReminderTime)
{
    public static readonly WebhookDialect PostgreSql = new(
        FormatPostgres("clock_timestamp()"), FormatPostgres("clock_timestamp() + @Seconds * interval '1 second'"),
        "@Until",
        FormatPostgres("StartTime"));

    public static readonly WebhookDialect Sqlite = new(
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', @Seconds || ' seconds')",
        "@Until",
        "StartTime");

    private static string FormatPostgres(string time) =>
        $"to_char(({time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>Where the SQL of webhooks differs between the databases.</summary>
/// <param name="Now">The time of the database, in ISO 8601 in UTC with milliseconds.</param>
/// <param name="InSeconds">The same, later by the parameter <c>@Seconds</c>.</param>
internal sealed record WebhookDialect(string Now, string InSeconds)
{
    public static readonly WebhookDialect PostgreSql = new(
        FormatPostgres("clock_timestamp()"), FormatPostgres("clock_timestamp() + @Seconds * interval '1 second'"));

    public static readonly WebhookDialect Sqlite = new(
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', @Seconds || ' seconds')");

    private static string FormatPostgres(string time) =>
        $"to_char(({time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

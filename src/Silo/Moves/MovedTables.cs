namespace KeysCluster.Silo.Moves;

/// <summary>Every table of the embedded database is here: it is moved, or there is a reason why not.</summary>
internal static class MovedTables
{
    /// <summary>The states, whose MACs are verified.</summary>
    public const string States = "OrleansStorage";

    /// <summary>The events, whose positions continue in the cluster.</summary>
    public const string Events = "KeysEvent";

    /// <summary>Values for the whole database. That of the cluster has some of its own.</summary>
    public const string Settings = "KeysSettings";

    /// <summary>The tables that are moved row by row, in the order in which they are.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        States, "KeysStateIndex", "KeysVirtualKey", "KeysRetiringKey", "KeysNotRetiringKey", "KeysImportedSecret",
        "KeysProjectUsage", Events, "OrleansRemindersTable", "KeysWebhookLeader", "KeysWebhookRedelivery",
        "KeysWebhookDelivery", Settings,
    ];

    /// <summary>The tables that are not moved, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> LeftOut { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["OrleansQuery"] = "The SQL of the provider, which the schema of each database contains.",
            ["SchemaVersions"] = "The scripts that were applied to this database.",
            ["sqlite_sequence"] = "The last position of an event, from which the cluster's sequence continues.",
            ["sqlite_stat1"] = "Statistics, which each database computes.",
            ["sqlite_stat4"] = "Statistics, which each database computes.",
        };
}

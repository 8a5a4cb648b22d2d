using Npgsql;

namespace KeysCluster.Silo.Hosting;

/// <summary>A pool of connections for each use, so that a burst of one cannot starve another.</summary>
internal sealed class PostgresDataSources(string connectionString)
{
    public NpgsqlDataSource Grains { get; } = Create(connectionString, "keys-grains", 64);

    /// <summary>The reminder service reads its 30 ranges at once.</summary>
    public NpgsqlDataSource Reminders { get; } = Create(connectionString, "keys-reminders", 16);

    public NpgsqlDataSource Membership { get; } = Create(connectionString, "keys-membership", 4);

    /// <summary>What the operator's connection string sets stands; the rest gets values that fit this service.</summary>
    private static NpgsqlDataSource Create(string connectionString, string name, int connections)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name };
        if (!IsSet(given, "Maximum Pool Size")) settings.MaxPoolSize = connections;
        if (!IsSet(given, "Timeout")) settings.Timeout = 5;
        if (!IsSet(given, "Command Timeout")) settings.CommandTimeout = 5;
        if (!IsSet(given, "Max Auto Prepare")) settings.MaxAutoPrepare = 20;

        // An acknowledged change survives a crash only when its commit waits for the disk.
        if (!IsSet(given, "Options")) settings.Options = "-c synchronous_commit=on";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static bool IsSet(NpgsqlConnectionStringBuilder settings, string keyword) => settings.ShouldSerialize(keyword);
}

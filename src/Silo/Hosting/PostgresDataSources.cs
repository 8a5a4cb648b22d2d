using KeysCluster.Grains.Validation;
using Npgsql;

namespace KeysCluster.Silo.Hosting;

/// <summary>A pool of connections for each use, so that a burst or a failure of one cannot starve another.</summary>
internal sealed class PostgresDataSources(string connectionString) : IDisposable
{
    /// <summary>Changes of keys and projects, and lists.</summary>
    public NpgsqlDataSource Grains { get; } = Create(connectionString, "keys-grains", 64);

    /// <summary>What validations read.</summary>
    public NpgsqlDataSource Reads { get; } = Create(connectionString, "keys-reads", ReadTurns.AtOnce);

    /// <summary>The reminder service reads its 30 ranges at once.</summary>
    public NpgsqlDataSource Reminders { get; } = Create(connectionString, "keys-reminders", 16);

    public NpgsqlDataSource Membership { get; } = Create(connectionString, "keys-membership", 4);

    /// <summary>The silo's own lease. A lost answer must leave time to ask again before the lease ends.</summary>
    public NpgsqlDataSource Leases { get; } = Create(connectionString, "keys-leases", 2, isUrgent: true);

    /// <summary>How long a change may take before the driver cancels it; zero when it never does.</summary>
    public TimeSpan ChangeTimeout => TimeSpan.FromSeconds(new NpgsqlConnectionStringBuilder(Grains.ConnectionString).CommandTimeout);

    private NpgsqlDataSource[] All => [Grains, Reads, Reminders, Membership, Leases];

    /// <summary>
    /// When a command times out, the driver asks the server to cancel it over a new connection, and blocks its thread until
    /// that times out too. With the server cut off that may be a thread for each connection; without a thread left beside
    /// them nothing in this process would be answered for as long.
    /// </summary>
    public void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        var connections = All.Sum(pool => new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize);
        ThreadPool.SetMinThreads(workers + connections, completions);
    }

    /// <summary>Lets go of every idle connection; those in use end with their use.</summary>
    public void Clear()
    {
        foreach (var pool in All) pool.Clear();
    }

    public void Dispose()
    {
        foreach (var pool in All) pool.Dispose();
    }

    /// <summary>What the operator's connection string sets stands; the rest gets values that fit this service.</summary>
    private static NpgsqlDataSource Create(string connectionString, string name, int connections, bool isUrgent = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name };
        if (!IsSet(settings, "Maximum Pool Size")) settings.MaxPoolSize = connections;
        if (isUrgent) settings.Timeout = settings.CommandTimeout = 1;

        // Asked for first otherwise, with a library that small images do not have.
        if (!IsSet(settings, "GSS Encryption Mode")) settings.GssEncryptionMode = GssEncryptionMode.Disable;
        if (!IsSet(settings, "Timeout")) settings.Timeout = 5;
        if (!IsSet(settings, "Command Timeout")) settings.CommandTimeout = 5;
        if (!IsSet(settings, "Cancellation Timeout")) settings.CancellationTimeout = 500;

        // Nothing here sets anything on a session, so there is nothing to undo: seven statements less for each use.
        if (!IsSet(settings, "No Reset On Close")) settings.NoResetOnClose = true;
        if (!IsSet(settings, "Max Auto Prepare")) settings.MaxAutoPrepare = 20;

        // An acknowledged change survives a crash only when its commit waits for the disk.
        if (!IsSet(settings, "Options")) settings.Options = "-c synchronous_commit=on";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static bool IsSet(NpgsqlConnectionStringBuilder settings, string keyword) => settings.ShouldSerialize(keyword);
}

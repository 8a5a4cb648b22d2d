using KeysCluster.Grains.Storage;
using Npgsql;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>A connection pool for each use, so that a burst or a failure in one use does not starve another.</summary>
/// <param name="connectionString">The connection string of the operator.</param>
/// <param name="isReadOnly">Whether the server refuses to write through the connections.</param>
internal sealed class PostgresDataSources(string connectionString, bool isReadOnly = false) : IDisposable
{
    /// <summary>For changes of keys and projects, and for lists.</summary>
    public NpgsqlDataSource Grains { get; } = Create(connectionString, isReadOnly, "keys-grains", 64);

    /// <summary>For the reads of validations.</summary>
    public NpgsqlDataSource Reads { get; } =
        Create(connectionString, isReadOnly, "keys-reads", StorageNames.MaxConcurrentValidationReads);

    /// <summary>For reminders. The reminder service reads its 30 ranges concurrently.</summary>
    public NpgsqlDataSource Reminders { get; } = Create(connectionString, isReadOnly, "keys-reminders", 16);

    public NpgsqlDataSource Membership { get; } = Create(connectionString, isReadOnly, "keys-membership", 4);

    /// <summary>
    /// For the lease of this silo. Its timeouts are short, so that a renewal can be retried before the lease expires.
    /// </summary>
    public NpgsqlDataSource Leases { get; } =
        Create(connectionString, isReadOnly, "keys-leases", 2, hasShortTimeouts: true);

    /// <summary>For the leases of clients, so that any number of them leaves the silo's own lease alone.</summary>
    public NpgsqlDataSource ClientLeases { get; } =
        Create(connectionString, isReadOnly, "keys-client-leases", 8, hasShortTimeouts: true);

    /// <summary>The number of connections that all pools together may open.</summary>
    public int MaxConnections =>
        All.Sum(pool => new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize);

    private NpgsqlDataSource[] All => [Grains, Reads, Reminders, Membership, Leases, ClientLeases];

    /// <summary>
    /// Raises the minimum of thread pool threads by the number of connections. When a command times out, the driver
    /// blocks its thread while it sends a cancellation over a new connection. If the server is unreachable, every
    /// connection may block a thread until that times out too, and without others the process would answer nothing.
    /// </summary>
    public void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(workers + MaxConnections, completions);
    }

    /// <summary>
    /// Closes idle connections now, and those in use when they return to their pool. After the server has closed its
    /// connections, no call then gets a broken one.
    /// </summary>
    public void Clear()
    {
        foreach (var pool in All) pool.Clear();
    }

    public void Dispose()
    {
        foreach (var pool in All) pool.Dispose();
    }

    /// <summary>Keeps the values that the operator's connection string sets, and adds defaults for others.</summary>
    private static NpgsqlDataSource Create(
        string connectionString, bool isReadOnly, string name, int connections, bool hasShortTimeouts = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name };
        if (!IsSet(settings, "Maximum Pool Size")) settings.MaxPoolSize = connections;
        if (hasShortTimeouts) settings.Timeout = settings.CommandTimeout = 1;

        // The driver tries GSS first, for which the images have no Kerberos library.
        if (!IsSet(settings, "GSS Encryption Mode")) settings.GssEncryptionMode = GssEncryptionMode.Disable;

        // The wait for a free connection counts towards the limit of ReplicationGuard, so it must be shorter.
        if (!IsSet(settings, "Timeout")) settings.Timeout = 2;
        if (!IsSet(settings, "Command Timeout")) settings.CommandTimeout = 5;
        if (!IsSet(settings, "Cancellation Timeout")) settings.CancellationTimeout = 500;

        // No session state is ever set. Resetting a connection would add seven statements to each use.
        if (!IsSet(settings, "No Reset On Close")) settings.NoResetOnClose = true;
        if (!IsSet(settings, "Max Auto Prepare")) settings.MaxAutoPrepare = 20;

        // Without it, a crash of the server can lose acknowledged changes.
        if (!IsSet(settings, "Options")) settings.Options = "-c synchronous_commit=on";
        if (isReadOnly) settings.Options += " -c default_transaction_read_only=on";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static bool IsSet(NpgsqlConnectionStringBuilder settings, string keyword) =>
        settings.ShouldSerialize(keyword);
}

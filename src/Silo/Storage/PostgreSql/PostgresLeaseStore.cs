using System.Diagnostics;
using System.Globalization;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Storage;
using KeysCluster.Leases;
using Npgsql;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// Stores leases in the table <c>KeysLease</c>, and reads the event log in the table <c>KeysEvent</c>. Snapshots and
/// transaction ids are sent as text, because the driver has no type for them.
/// </summary>
/// <param name="leases">
/// The connections for the operations of lease holders. Their timeouts are short, so that a renewal can be retried
/// before the lease expires.
/// </param>
/// <param name="changes">The connections for changes, which read the leases of others.</param>
/// <param name="serviceId">The Orleans service id.</param>
/// <param name="onServerClosed">
/// Called when the server says that it closes its connections or is read-only, and when another server process responds
/// than before, as after a crash or a failover. Not called when a statement times out or a connection is reset: the
/// server may be healthy.
/// </param>
internal sealed class PostgresLeaseStore(
    NpgsqlDataSource leases, NpgsqlDataSource changes, string serviceId, Action? onServerClosed = null)
    : ILeaseStore
{
    /// <summary>The timeline of the server; a failover and a restore start a new one.</summary>
    internal const string TimelineSql = "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

    /// <summary>A change outside the service may have left the revision as it was: no cached one may be used.</summary>
    private const string AllRevisions = "9223372036854775807";

    /// <summary>The timeline of a lease that cannot be renewed any more. No server has it.</summary>
    private const string NoTimeline = "";

    // The events and the snapshot belong to one statement, and so to one view of the database. xmin bounds the part of
    // the index that is read; visibility decides, because transactions do not commit in the order of their ids.
    private const string ReadLogSql = $"""
        SELECT s.Snapshot::text, {TimelineSql}, clock_timestamp(), pg_postmaster_start_time(), e.StateName, e.Id,
               CASE e.ActorKind WHEN 'database' THEN {AllRevisions} ELSE e.Revision END, e.Xid::text
        FROM (SELECT pg_current_snapshot() AS Snapshot) s
        LEFT JOIN KeysEvent e
            ON e.ServiceId = @ServiceId AND e.Xid >= pg_snapshot_xmin(@After::pg_snapshot)
            AND NOT pg_visible_in_snapshot(e.Xid, @After::pg_snapshot)
        LIMIT @Limit
        """;

    private const string ReadPositionSql = $"""
        SELECT pg_current_snapshot()::text, {TimelineSql}, clock_timestamp(), pg_postmaster_start_time()
        """;

    // A client names itself, so the second limit is the one that holds.
    private const string AcquireSql = $"""
        INSERT INTO KeysLease (Id, ServiceId, Holder, Duration, Applied, Timeline)
        SELECT @Id, @ServiceId, @Holder, @Duration, pg_current_snapshot(), {TimelineSql}
        WHERE NOT @IsClient
            OR ((SELECT count(*) FROM KeysLease WHERE ServiceId = @ServiceId AND Holder = @Holder) < @HolderLimit
                AND (SELECT count(*) FROM KeysLease WHERE ServiceId = @ServiceId) < @Limit)
        RETURNING Applied::text, Timeline
        """;

    // A position does not go back, so neither a late renewal nor a holder that names an old one prolongs a wait.
    private const string RenewSql = $"""
        UPDATE KeysLease l
        SET Renewals = l.Renewals + 1,
            Applied = CASE
                WHEN pg_snapshot_xmin(r.Applied::pg_snapshot) >= pg_snapshot_xmin(l.Applied)
                    AND pg_snapshot_xmax(r.Applied::pg_snapshot) >= pg_snapshot_xmax(l.Applied)
                THEN r.Applied::pg_snapshot ELSE l.Applied END
        FROM unnest(@Ids, @Applied) AS r (Id, Applied)
        WHERE l.Id = r.Id AND l.Timeline = {TimelineSql}
        RETURNING l.Id
        """;

    private const string StopRenewalSql = $"UPDATE KeysLease SET Timeline = '{NoTimeline}' WHERE Id = @Id";

    private const string ReleaseSql = "DELETE FROM KeysLease WHERE Id = @Id";

    private const string GetAllSql = $"""
        SELECT Id, Holder, Duration, Renewals, Applied::text, Timeline, Timeline = {TimelineSql}
        FROM KeysLease WHERE ServiceId = @ServiceId
        """;

    private const string RemoveExpiredSql = "DELETE FROM KeysLease WHERE Id = @Id AND Renewals = @Renewals";

    private const string GetLastTransactionSql = $"""
        SELECT {TimelineSql}, Xid::text FROM KeysEvent
        WHERE ServiceId = @ServiceId AND StateName = @StateName AND Id = @Id
        ORDER BY Position DESC LIMIT 1
        """;

    /// <summary>
    /// How many leases clients may fill up to. Each is a push for every change that waits. A client without a lease
    /// sends its validations to a silo.
    /// </summary>
    internal const int MaxLeases = 10_000;

    /// <summary>
    /// The limit for one client. It needs one, and leaves one behind when it does not learn that it was granted one.
    /// </summary>
    internal const int MaxLeasesPerHolder = 100;

    /// <summary>
    /// The limit of one read. A holder that is further behind starts with an empty cache. A client names its position,
    /// and could read the whole table again and again.
    /// </summary>
    internal const int MaxEventsPerRead = 100_000;

    private readonly ReplicationGuard _guard = new(leases.ConnectionString);
    private long _serverStartedAt;

    public Task<LogRead> ReadLogAsync(LogPosition? after, CancellationToken cancellationToken) =>
        ExecuteAsync(() => ReadAsync(after, cancellationToken));

    public Task<LogPosition?> AcquireAsync(
        Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken) =>
        ExecuteDurablyAsync(async () =>
        {
            await using var command = leases.CreateCommand(AcquireSql);
            command.Parameters.AddWithValue("Id", id);
            command.Parameters.AddWithValue("ServiceId", serviceId);
            command.Parameters.AddWithValue("Holder", holder.ToString());
            command.Parameters.AddWithValue("Duration", duration);
            command.Parameters.AddWithValue("IsClient", holder.Client is not null);
            command.Parameters.AddWithValue("HolderLimit", MaxLeasesPerHolder);
            command.Parameters.AddWithValue("Limit", MaxLeases);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken)
                ? new LogPosition(reader.GetString(1), reader.GetString(0))
                : null;
        });

    public Task<IReadOnlySet<Guid>> RenewAsync(
        IReadOnlyDictionary<Guid, LogPosition> renewals, CancellationToken cancellationToken) =>
        ExecuteDurablyAsync(async () =>
        {
            // In one order, so that two silos cannot deadlock.
            var ordered = renewals.OrderBy(lease => lease.Key).ToList();
            await using var command = leases.CreateCommand(RenewSql);
            command.Parameters.AddWithValue("Ids", ordered.ConvertAll(lease => lease.Key));
            command.Parameters.AddWithValue("Applied", ordered.ConvertAll(lease => lease.Value.Snapshot));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var renewed = new HashSet<Guid>();
            while (await reader.ReadAsync(cancellationToken)) renewed.Add(reader.GetGuid(0));
            return (IReadOnlySet<Guid>)renewed;
        });

    public async Task ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = leases.CreateCommand(ReleaseSql);
        command.Parameters.AddWithValue("Id", id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Lease>> GetAllAsync(CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(GetAllSql);
        command.Parameters.AddWithValue("ServiceId", serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<Lease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(new Lease(
                reader.GetGuid(0),
                LeaseHolder.Parse(reader.GetString(1)),
                reader.GetTimeSpan(2),
                reader.GetInt64(3),
                new LogPosition(reader.GetString(5), reader.GetString(4)),
                reader.GetBoolean(6)));
        }

        return all;
    }

    public async Task StopRenewalAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(StopRenewalSql);
        command.Parameters.AddWithValue("Id", id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RemoveExpiredAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(RemoveExpiredSql);
        command.Parameters.AddWithValue("Id", lease.Id);
        command.Parameters.AddWithValue("Renewals", lease.Renewals);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<LogTransaction?> GetLastTransactionAsync(GrainId owner, CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(GetLastTransactionSql);
        command.Parameters.AddWithValue("ServiceId", serviceId);
        command.Parameters.AddWithValue("StateName", StorageNames.GetStateName(owner.Type));
        command.Parameters.AddWithValue("Id", owner.Key.ToString()!);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LogTransaction(reader.GetString(0), ParseTransaction(reader.GetString(1)))
            : null;
    }

    private static bool IsClosedByServer(PostgresException exception) => exception.SqlState
        is PostgresErrorCodes.AdminShutdown
        or PostgresErrorCodes.CrashShutdown
        or PostgresErrorCodes.ReadOnlySqlTransaction;

    private static ulong ParseTransaction(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private async Task<LogRead> ReadAsync(LogPosition? after, CancellationToken cancellationToken)
    {
        await using var command = leases.CreateCommand(after is null ? ReadPositionSql : ReadLogSql);
        if (after is not null)
        {
            command.Parameters.AddWithValue("ServiceId", serviceId);
            command.Parameters.AddWithValue("After", after.Snapshot);
            command.Parameters.AddWithValue("Limit", MaxEventsPerRead + 1);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var position = new LogPosition(reader.GetString(1), reader.GetString(0));
        var time = reader.GetFieldValue<DateTimeOffset>(2);
        var startedAt = reader.GetFieldValue<DateTimeOffset>(3).UtcTicks;
        var previous = Interlocked.Exchange(ref _serverStartedAt, startedAt);
        if (previous != 0 && previous != startedAt) onServerClosed?.Invoke();

        var events = new List<LogEvent>();
        if (after is null || reader.IsDBNull(4)) return new LogRead(position, events, time);
        do
        {
            events.Add(new LogEvent(
                StorageNames.GetGrainId(reader.GetString(4), reader.GetString(5)),
                reader.GetInt64(6),
                ParseTransaction(reader.GetString(7))));
        }
        while (await reader.ReadAsync(cancellationToken));

        if (events.Count > MaxEventsPerRead)
            throw new InvalidOperationException("The position is too far behind the event log.");
        return new LogRead(position, events, time);
    }

    private async Task<T> ExecuteAsync<T>(Func<Task<T>> execute)
    {
        try
        {
            return await execute();
        }
        catch (PostgresException exception) when (IsClosedByServer(exception))
        {
            onServerClosed?.Invoke();
            throw;
        }
    }

    private async Task<T> ExecuteDurablyAsync<T>(Func<Task<T>> write)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var result = await ExecuteAsync(write);
        _guard.ThrowIfUnconfirmed(startedAt);
        return result;
    }
}

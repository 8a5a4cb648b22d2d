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
            await using var command = leases.CreateCommand(LeaseSql.Acquire);
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
            await using var command = leases.CreateCommand(LeaseSql.Renew);
            command.Parameters.AddWithValue("Ids", ordered.ConvertAll(lease => lease.Key));
            command.Parameters.AddWithValue("Applied", ordered.ConvertAll(lease => lease.Value.Snapshot));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var renewed = new HashSet<Guid>();
            while (await reader.ReadAsync(cancellationToken)) renewed.Add(reader.GetGuid(0));
            return (IReadOnlySet<Guid>)renewed;
        });

    public async Task ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = leases.CreateCommand(LeaseSql.Release);
        command.Parameters.AddWithValue("Id", id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Lease>> GetAllAsync(CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(LeaseSql.GetAll);
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
        await using var command = changes.CreateCommand(LeaseSql.StopRenewal);
        command.Parameters.AddWithValue("Id", id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RemoveExpiredAsync(Lease lease, CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(LeaseSql.RemoveExpired);
        command.Parameters.AddWithValue("Id", lease.Id);
        command.Parameters.AddWithValue("Renewals", lease.Renewals);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<LogTransaction?> GetLastTransactionAsync(GrainId owner, CancellationToken cancellationToken)
    {
        await using var command = changes.CreateCommand(LeaseSql.GetLastTransaction);
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
        await using var command = leases.CreateCommand(after is null ? LeaseSql.ReadPosition : LeaseSql.ReadLog);
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

using System.Net;
using KeysCluster.Grains.Leases;
using KeysCluster.Leases;
using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class PostgresLeaseStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    private static readonly LeaseHolder Holder =
        LeaseHolder.ForSilo(SiloAddress.New(IPAddress.Parse("10.1.2.3"), 11111, 42));

    private TestDatabase _database = null!;
    private PostgresDataSources _dataSources = null!;
    private PostgresLeaseStore _store = null!;

    public async Task InitializeAsync()
    {
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        _database = new PostgreSqlTestDatabase(connectionString);
        await _database.MigrateAsync();
        _dataSources = new PostgresDataSources(connectionString);
        _store = CreateStore("keys");
    }

    public async Task DisposeAsync()
    {
        _dataSources.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_acquired_lease_is_stored_with_its_holder_duration_and_position()
    {
        var (id, position) = await AcquireAsync();

        Assert.Equal([new Lease(id, Holder, Duration, 0, position)], await GetAllAsync());
    }

    [Fact]
    public async Task A_client_holds_a_lease_by_the_id_of_its_observer()
    {
        var client = LeaseHolder.ForClient(GrainId.Create("sys.client", $"{Guid.NewGuid():N}+{Guid.NewGuid():N}"));
        await _store.AcquireAsync(Guid.NewGuid(), client, Duration, CancellationToken.None);

        Assert.Equal(client, Assert.Single(await GetAllAsync()).Holder);
    }

    [Fact]
    public async Task Acquiring_a_lease_again_returns_the_first_position_and_changes_nothing()
    {
        var (id, first) = await AcquireAsync();
        await AppendAsync("vk_1", 2);

        Assert.Equal(first, await _store.AcquireAsync(id, Holder, Duration, CancellationToken.None));

        Assert.Equal((0, first), GetRenewalsAndPosition(Assert.Single(await GetAllAsync())));
    }

    [Fact]
    public async Task A_holder_that_acquires_a_lease_of_another_gets_none()
    {
        var (id, _) = await AcquireAsync();

        Assert.Null(await _store.AcquireAsync(
            id, LeaseHolder.ForClient(GrainId.Create("sys.client", "another")), Duration, CancellationToken.None));

        Assert.Equal(Holder, Assert.Single(await GetAllAsync()).Holder);
    }

    [Fact]
    public async Task Renewing_counts_the_renewal_and_stores_the_position_of_each_holder()
    {
        var (first, start) = await AcquireAsync();
        var (second, later) = await AcquireAsync();
        await AppendAsync("vk_1", 2);
        var read = await _store.ReadLogAsync(start, CancellationToken.None);

        var renewed = await RenewAsync((first, read.Position), (second, later), (Guid.NewGuid(), start));

        Assert.Equal(new HashSet<Guid> { first, second }, renewed);
        var leases = (await GetAllAsync()).ToDictionary(lease => lease.Id);
        Assert.Equal((1, read.Position), (leases[first].Renewals, leases[first].Applied));
        Assert.Equal((1, later), (leases[second].Renewals, leases[second].Applied));
    }

    [Fact]
    public async Task A_position_does_not_go_back()
    {
        var (id, start) = await AcquireAsync();
        await AppendAsync("vk_1", 2);
        var read = await _store.ReadLogAsync(start, CancellationToken.None);
        await RenewAsync((id, read.Position));

        foreach (var earlier in (LogPosition[])[start, start with { Snapshot = "1:1:" }])
            Assert.Contains(id, await RenewAsync((id, earlier)));

        Assert.Equal((3, read.Position), GetRenewalsAndPosition(Assert.Single(await GetAllAsync())));
    }

    [Fact]
    public async Task A_lease_whose_renewal_is_stopped_proves_nothing_and_expires()
    {
        var (id, position) = await AcquireAsync();
        var (other, _) = await AcquireAsync();
        await _store.StopRenewalAsync(id, CancellationToken.None);

        Assert.Equal(new HashSet<Guid> { other }, await RenewAsync((id, position), (other, position)));
        Assert.Equal(
            [(id, false), (other, true)],
            (await GetAllAsync()).Select(lease => (lease.Id, lease.IsOnCurrentTimeline)).OrderBy(lease => lease.Item2));
    }

    [Fact]
    public async Task A_client_gets_no_more_leases_than_its_limit_and_leaves_those_of_silos_alone()
    {
        var client = LeaseHolder.ForClient(GrainId.Create("sys.client", "one"));
        for (var i = 0; i < PostgresLeaseStore.MaxLeasesPerHolder; i++) Assert.NotNull(await AcquireForAsync(client));

        Assert.Null(await AcquireForAsync(client));
        Assert.NotNull(await AcquireForAsync(LeaseHolder.ForClient(GrainId.Create("sys.client", "another"))));
        Assert.NotNull(await AcquireForAsync(Holder));
    }

    [Fact]
    public async Task Clients_get_no_more_leases_than_the_limit_by_any_names()
    {
        await _database.ExecuteScalarAsync($"""
            INSERT INTO KeysLease (Id, ServiceId, Holder, Duration, Applied, Timeline)
            SELECT gen_random_uuid(), 'keys', 'client sys.client/' || n, '5 s', pg_current_snapshot(), ''
            FROM generate_series(1, {PostgresLeaseStore.MaxLeases}) n
            """);

        Assert.Null(await AcquireForAsync(LeaseHolder.ForClient(GrainId.Create("sys.client", "another"))));
        Assert.NotNull(await AcquireForAsync(Holder));
    }

    /// <summary>A client names its position.</summary>
    [Fact]
    public async Task A_position_from_which_too_many_events_would_be_read_is_refused()
    {
        var start = (await _store.ReadLogAsync(after: null, CancellationToken.None)).Position;
        await _database.ExecuteScalarAsync($"""
            INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
            SELECT 'keys', 'virtual-key', 'vk_1', 'project_1', n, 'updated', 'test', '2026-11-27T00:00:00.000Z'
            FROM generate_series(1, {PostgresLeaseStore.MaxEventsPerRead + 1}) n
            """);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.ReadLogAsync(start, CancellationToken.None));
    }

    [Fact]
    public async Task A_released_lease_cannot_be_renewed()
    {
        var (id, position) = await AcquireAsync();
        await _store.ReleaseAsync(id, CancellationToken.None);

        Assert.Empty(await GetAllAsync());
        Assert.Empty(await RenewAsync((id, position)));
    }

    [Fact]
    public async Task An_expired_lease_is_removed_unless_it_was_renewed_since_it_was_read()
    {
        var (id, position) = await AcquireAsync();
        var seen = Assert.Single(await GetAllAsync());
        await RenewAsync((id, position));

        await _store.RemoveExpiredAsync(seen, CancellationToken.None);
        Assert.Single(await GetAllAsync());

        await _store.RemoveExpiredAsync(Assert.Single(await GetAllAsync()), CancellationToken.None);
        Assert.Empty(await GetAllAsync());
        Assert.Empty(await RenewAsync((id, position)));
    }

    [Fact]
    public async Task A_lease_of_another_timeline_is_not_renewed()
    {
        var (id, position) = await AcquireAsync();
        await _database.ExecuteScalarAsync("UPDATE KeysLease SET Timeline = '000000FF'");

        Assert.Empty(await RenewAsync((id, position)));
        Assert.False(Assert.Single(await GetAllAsync()).IsOnCurrentTimeline);
    }

    [Fact]
    public async Task The_log_after_a_position_contains_the_events_that_were_committed_since()
    {
        await AppendAsync("vk_1", 1);
        var start = (await _store.ReadLogAsync(after: null, CancellationToken.None)).Position;
        await AppendAsync("vk_1", 2);

        var read = await _store.ReadLogAsync(start, CancellationToken.None);

        var change = Assert.Single(read.Events);
        Assert.Equal((Key, 2), (change.Owner, change.Revision));
        Assert.True(read.Position.Contains(change.Transaction));
        Assert.False(start.Contains(change.Transaction));
        Assert.Empty((await _store.ReadLogAsync(read.Position, CancellationToken.None)).Events);
        var last = await _store.GetLastTransactionAsync(Key, CancellationToken.None);
        Assert.True(last!.IsAppliedBy(read.Position));
        Assert.False(last.IsAppliedBy(start));
    }

    [Fact]
    public async Task A_change_past_the_service_invalidates_every_revision()
    {
        var start = (await _store.ReadLogAsync(after: null, CancellationToken.None)).Position;
        await AppendAsync("vk_1", 2);
        await _database.ExecuteScalarAsync("UPDATE KeysEvent SET ActorKind = 'database'");

        var read = await _store.ReadLogAsync(start, CancellationToken.None);

        Assert.Equal((Key, long.MaxValue), (Assert.Single(read.Events).Owner, read.Events[0].Revision));
    }

    [Fact]
    public async Task An_event_that_commits_after_later_ones_is_read_once_it_commits()
    {
        var start = (await _store.ReadLogAsync(after: null, CancellationToken.None)).Position;
        await using var connection = await _dataSources.Grains.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await AppendAsync("vk_1", 2, connection);
        await AppendAsync("vk_2", 2);
        var first = await _store.ReadLogAsync(start, CancellationToken.None);
        Assert.Equal("vk_2", Assert.Single(first.Events).Owner.Key.ToString());

        await slow.CommitAsync();
        var second = await _store.ReadLogAsync(first.Position, CancellationToken.None);

        Assert.Equal(Key, Assert.Single(second.Events).Owner);
        Assert.True(second.Position.Covers(first.Position));
        Assert.False(first.Position.Covers(second.Position));
    }

    [Fact]
    public async Task The_clock_of_the_database_is_read_with_the_log()
    {
        var before = TimeProvider.System.GetUtcNow();
        var read = await _store.ReadLogAsync(after: null, CancellationToken.None);

        var after = TimeProvider.System.GetUtcNow();
        Assert.InRange(read.DatabaseTime, before.AddSeconds(-1), after.AddSeconds(1));
    }

    [Fact]
    public async Task Services_that_share_a_database_do_not_see_each_others_leases_and_events()
    {
        var (_, start) = await AcquireAsync();
        await AppendAsync("vk_1", 2);
        var other = CreateStore("other");

        Assert.Empty(await other.GetAllAsync(CancellationToken.None));
        Assert.Empty((await other.ReadLogAsync(start, CancellationToken.None)).Events);
        Assert.Null(await other.GetLastTransactionAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Exhausted_connections_of_changes_and_clients_delay_no_lease_of_a_silo()
    {
        var (id, position) = await AcquireAsync();
        var open = new List<NpgsqlConnection>();
        for (var i = 0; i < 64; i++) open.Add(await _dataSources.Grains.OpenConnectionAsync());
        for (var i = 0; i < 8; i++) open.Add(await _dataSources.ClientLeases.OpenConnectionAsync());

        Assert.Contains(id, await RenewAsync((id, position)));
        await QueryEachAsync(_dataSources.Reads, _dataSources.Reminders, _dataSources.Membership);

        foreach (var connection in open) await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_renewal_that_times_out_closes_no_connection_of_another_pool()
    {
        var (id, position) = await AcquireAsync();
        await QueryEachAsync(_dataSources.Grains, _dataSources.Reads);
        const string backends =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name IN ('keys-grains', 'keys-reads')";
        var before = await _database.QueryInt64Async(backends);
        await using var connection = await _dataSources.Membership.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var blocker = new NpgsqlCommand("LOCK TABLE KeysLease, KeysEvent", connection);
        await blocker.ExecuteNonQueryAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => RenewAsync((id, position)));
        await Assert.ThrowsAnyAsync<Exception>(() => _store.ReadLogAsync(position, CancellationToken.None));

        Assert.Equal(before, await _database.QueryInt64Async(backends));
        await transaction.RollbackAsync();
        Assert.Contains(id, await RenewAsync((id, position)));
    }

    /// <summary>A network can reset one connection to a healthy server.</summary>
    [Fact]
    public async Task A_connection_of_a_lease_that_is_reset_closes_no_connection_of_another_pool()
    {
        NpgsqlDataSource[] pools = [_dataSources.Grains, _dataSources.Reads, _dataSources.Reminders];
        var before = await GetBackendsAsync(pools);
        await using var relay = new ConnectionRelay(postgres.Server.Port);
        await using var leases = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_dataSources.Leases.ConnectionString) { Port = relay.Port });
        var store = new PostgresLeaseStore(leases, _dataSources.Grains, "keys", onServerClosed: _dataSources.Clear);
        await store.ReadLogAsync(after: null, CancellationToken.None);
        await relay.ResetAsync();

        var exception = await Assert.ThrowsAsync<NpgsqlException>(
            () => store.ReadLogAsync(after: null, CancellationToken.None));

        Assert.IsAssignableFrom<IOException>(exception.InnerException);
        Assert.Equal(before, await GetBackendsAsync(pools));
    }

    [Fact]
    public async Task Every_connection_pool_recovers_after_the_server_has_closed_its_connections()
    {
        var (id, position) = await AcquireAsync();
        NpgsqlDataSource[] pools =
            [_dataSources.Grains, _dataSources.Reads, _dataSources.Reminders, _dataSources.Membership];
        await QueryEachAsync(pools);

        // The server reports the reason to a connection that waits for a response. Another one may only see its end.
        await using (var blocker = await _dataSources.ClientLeases.OpenConnectionAsync())
        {
            await using var transaction = await blocker.BeginTransactionAsync();
            await using var lockTable = new NpgsqlCommand("LOCK TABLE KeysEvent", blocker);
            await lockTable.ExecuteNonQueryAsync();
            var read = _store.ReadLogAsync(position, CancellationToken.None);
            await Wait.UntilAsync(async () => await _database.QueryInt64Async("""
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = 'keys-leases' AND wait_event_type = 'Lock'
                """) == 1);
            await _database.ExecuteScalarAsync("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name LIKE 'keys-%' AND application_name <> 'keys-client-leases'
                """);
            var exception = await Assert.ThrowsAsync<PostgresException>(() => read);
            Assert.Equal(PostgresErrorCodes.AdminShutdown, exception.SqlState);
        }

        await QueryEachAsync(pools);
        Assert.Contains(id, await RenewAsync((id, position)));
    }

    /// <summary>Such as a primary that a failover has demoted.</summary>
    [Fact]
    public async Task A_server_that_is_read_only_is_left_by_every_connection_pool()
    {
        var (id, position) = await AcquireAsync();
        NpgsqlDataSource[] pools = [_dataSources.Grains, _dataSources.Reads, _dataSources.Reminders];
        var before = await GetBackendsAsync(pools);

        // The setting belongs to the connection, of which the pool has one.
        await using (var command = _dataSources.Leases.CreateCommand("SET default_transaction_read_only = on"))
            await command.ExecuteNonQueryAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => RenewAsync((id, position)));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
        Assert.Empty(before.Intersect(await GetBackendsAsync(pools)));
        Assert.Contains(id, await RenewAsync((id, position)));
    }

    /// <summary>Returns the process of the server that serves the next connection of each pool.</summary>
    private static async Task<List<int>> GetBackendsAsync(params NpgsqlDataSource[] pools)
    {
        var backends = new List<int>();
        foreach (var pool in pools)
        {
            await using var connection = await pool.OpenConnectionAsync();
            backends.Add(connection.ProcessID);
        }

        return backends;
    }

    private static async Task QueryEachAsync(params NpgsqlDataSource[] pools)
    {
        foreach (var pool in pools)
        {
            await using var command = pool.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync();
        }
    }

    private static (long Renewals, LogPosition Applied) GetRenewalsAndPosition(Lease lease) =>
        (lease.Renewals, lease.Applied);

    private Task<LogPosition?> AcquireForAsync(LeaseHolder holder) =>
        _store.AcquireAsync(Guid.NewGuid(), holder, Duration, CancellationToken.None);

    private PostgresLeaseStore CreateStore(string serviceId) =>
        new(_dataSources.Leases, _dataSources.Grains, serviceId, onServerClosed: _dataSources.Clear);

    private async Task<(Guid Id, LogPosition Position)> AcquireAsync()
    {
        var id = Guid.NewGuid();
        return (id, (await _store.AcquireAsync(id, Holder, Duration, CancellationToken.None))!);
    }

    private Task<IReadOnlySet<Guid>> RenewAsync(params (Guid Id, LogPosition Position)[] renewals) =>
        _store.RenewAsync(
            renewals.ToDictionary(renewal => renewal.Id, renewal => renewal.Position), CancellationToken.None);

    private Task<IReadOnlyList<Lease>> GetAllAsync() => _store.GetAllAsync(CancellationToken.None);

    /// <summary>Inserts an event, in a transaction of its own unless a connection is given.</summary>
    private async Task AppendAsync(string id, long revision, NpgsqlConnection? connection = null)
    {
        const string sql = """
            INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
            VALUES ('keys', 'virtual-key', $1, 'project_1', $2, 'updated', 'test', '2026-11-27T00:00:00.000Z')
            """;
        await using var command = connection is null
            ? _dataSources.Grains.CreateCommand(sql)
            : new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = revision });
        await command.ExecuteNonQueryAsync();
    }
}

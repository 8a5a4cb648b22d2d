using System.Net;
using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class PostgresLeaseStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>So long that the duration of a test does not matter.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromHours(1);

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
        _store = new PostgresLeaseStore(_dataSources, "keys");
    }

    public async Task DisposeAsync()
    {
        _dataSources.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_acquired_lease_is_active_with_its_holder_and_remaining_time()
    {
        var id = await AcquireAsync();

        var lease = Assert.Single(await GetActiveAsync());

        Assert.Equal((id, Holder), (lease.Id, lease.Holder));
        Assert.InRange(lease.Remaining, Duration / 2, Duration);
    }

    [Fact]
    public async Task A_client_holds_a_lease_by_the_id_of_its_observer()
    {
        var client = LeaseHolder.ForClient(GrainId.Create("sys.client", $"{Guid.NewGuid():N}+{Guid.NewGuid():N}"));
        await _store.AcquireAsync(Guid.NewGuid(), client, Duration, CancellationToken.None);

        Assert.Equal(client, Assert.Single(await GetActiveAsync()).Holder);
    }

    [Fact]
    public async Task Renewing_extends_a_lease()
    {
        var id = await AcquireAsync();
        await MoveExpiryBackAsync(id, Duration / 2);
        Assert.InRange(Assert.Single(await GetActiveAsync()).Remaining, TimeSpan.Zero, Duration / 2);

        Assert.True(await _store.RenewAsync(id, Duration, CancellationToken.None));

        Assert.InRange(Assert.Single(await GetActiveAsync()).Remaining, Duration / 2, Duration);
    }

    /// <summary>A silo with a newer configuration may try to renew a lease with another duration.</summary>
    [Fact]
    public async Task A_lease_is_not_renewed_with_another_duration_and_stays_active_until_it_expires()
    {
        var id = await AcquireAsync();
        await MoveExpiryBackAsync(id, Duration / 4);

        Assert.False(await _store.RenewAsync(id, Duration / 8, CancellationToken.None));

        Assert.InRange(Assert.Single(await GetActiveAsync()).Remaining, Duration / 2, Duration * 3 / 4);
    }

    [Fact]
    public async Task An_expired_lease_is_inactive_and_cannot_be_renewed()
    {
        var id = await AcquireAsync();
        await MoveExpiryBackAsync(id, Duration);

        Assert.Empty(await GetActiveAsync());
        Assert.False(await _store.RenewAsync(id, Duration, CancellationToken.None));
        Assert.Empty(await GetActiveAsync());
    }

    [Fact]
    public async Task A_lease_barred_from_renewal_stays_active_until_it_expires()
    {
        var (barred, other) = (await AcquireAsync(), await AcquireAsync());

        await _store.PreventRenewalAsync([barred], CancellationToken.None);

        Assert.Equal(2, (await GetActiveAsync()).Count);
        Assert.False(await _store.RenewAsync(barred, Duration, CancellationToken.None));
        Assert.True(await _store.RenewAsync(other, Duration, CancellationToken.None));
    }

    [Fact]
    public async Task A_released_lease_is_inactive_and_cannot_be_renewed()
    {
        var id = await AcquireAsync();
        await _store.ReleaseAsync(id, CancellationToken.None);

        Assert.Empty(await GetActiveAsync());
        Assert.False(await _store.RenewAsync(id, Duration, CancellationToken.None));
    }

    [Fact]
    public async Task A_clock_set_back_never_makes_the_remaining_time_longer_than_a_lease()
    {
        var id = await AcquireAsync();
        await MoveExpiryBackAsync(id, TimeSpan.FromHours(-1));

        Assert.Equal(Duration, Assert.Single(await GetActiveAsync()).Remaining);
    }

    [Fact]
    public async Task Services_that_share_a_database_do_not_see_each_others_leases()
    {
        await AcquireAsync();

        Assert.Empty(await new PostgresLeaseStore(_dataSources, "other").GetActiveAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Acquiring_a_lease_deletes_leases_that_expired_long_ago()
    {
        await MoveExpiryBackAsync(await AcquireAsync(), Duration + TimeSpan.FromHours(2));
        await AcquireAsync();

        Assert.Equal(1, await _database.QueryInt64Async("SELECT COUNT(*) FROM KeysSiloLease"));
    }

    [Fact]
    public async Task Exhausting_the_grain_connections_delays_neither_leases_nor_validation()
    {
        var id = await AcquireAsync();
        var open = new List<NpgsqlConnection>();
        for (var i = 0; i < 64; i++) open.Add(await _dataSources.Grains.OpenConnectionAsync());

        Assert.True(await _store.RenewAsync(id, Duration, CancellationToken.None));
        await QueryEachAsync(_dataSources.Reads, _dataSources.Reminders, _dataSources.Membership);

        foreach (var connection in open) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Every_connection_pool_recovers_after_the_server_drops_its_connections()
    {
        var id = await AcquireAsync();
        NpgsqlDataSource[] pools =
            [_dataSources.Grains, _dataSources.Reads, _dataSources.Reminders, _dataSources.Membership];
        await QueryEachAsync(pools);
        await _database.ExecuteScalarAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'keys-%'");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => _store.RenewAsync(id, Duration, CancellationToken.None));

        await QueryEachAsync(pools);
        Assert.True(await _store.RenewAsync(id, Duration, CancellationToken.None));
    }

    private static async Task QueryEachAsync(params NpgsqlDataSource[] pools)
    {
        foreach (var pool in pools)
        {
            await using var command = pool.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync();
        }
    }

    private async Task<Guid> AcquireAsync()
    {
        var id = Guid.NewGuid();
        await _store.AcquireAsync(id, Holder, Duration, CancellationToken.None);
        return id;
    }

    private Task<IReadOnlyList<ActiveLease>> GetActiveAsync() => _store.GetActiveAsync(CancellationToken.None);

    private Task<object?> MoveExpiryBackAsync(Guid id, TimeSpan time) => _database.ExecuteScalarAsync(
        $"UPDATE KeysSiloLease SET ExpiresAt = ExpiresAt - interval '{(int)time.TotalSeconds} s' WHERE Id = '{id}'");
}

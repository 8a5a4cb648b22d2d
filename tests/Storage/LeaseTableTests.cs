using System.Net;
using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Hosting;
using KeysCluster.Silo.Storage;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(nameof(Postgres))]
public sealed class LeaseTableTests(Postgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private static readonly LeaseHolder Holder = LeaseHolder.Of(SiloAddress.New(IPAddress.Parse("10.1.2.3"), 11111, 42));

    private TestDatabase _database = null!;
    private PostgresDataSources _pools = null!;
    private LeaseTable _table = null!;

    public async Task InitializeAsync()
    {
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        _database = new PostgreSqlTestDatabase(connectionString);
        await _database.Migrate();
        _pools = new PostgresDataSources(connectionString);
        _table = new LeaseTable(_pools, "keys");
    }

    public async Task DisposeAsync()
    {
        _pools.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_acquired_lease_is_live_with_its_holder_and_what_remains_of_it()
    {
        var id = await Acquire();

        var lease = Assert.Single(await Live());

        Assert.Equal((id, Holder), (lease.Id, lease.Holder));
        Assert.InRange(lease.Remaining, Length - TimeSpan.FromSeconds(10), Length);
    }

    [Fact]
    public async Task A_client_holds_one_by_its_observer()
    {
        var client = LeaseHolder.Of(GrainId.Create("sys.client", $"{Guid.NewGuid():N}+{Guid.NewGuid():N}"));
        await _table.Acquire(Guid.NewGuid(), client, Length, CancellationToken.None);

        Assert.Equal(client, Assert.Single(await Live()).Holder);
    }

    [Fact]
    public async Task Renewing_prolongs_it()
    {
        var id = await Acquire();
        await Age(id, TimeSpan.FromSeconds(20));
        Assert.InRange(Assert.Single(await Live()).Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        Assert.True(await _table.Renew(id, Length, CancellationToken.None));

        Assert.InRange(Assert.Single(await Live()).Remaining, TimeSpan.FromSeconds(15), Length);
    }

    /// <summary>As by a silo on which the length is another one already: the holder goes by the one that it was given.</summary>
    [Fact]
    public async Task One_of_another_length_is_not_renewed_and_lives_to_its_end()
    {
        var id = await Acquire();
        await Age(id, TimeSpan.FromSeconds(5));

        Assert.False(await _table.Renew(id, TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.InRange(Assert.Single(await Live()).Remaining, TimeSpan.FromSeconds(10), Length - TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task One_that_has_ended_is_not_live_and_cannot_be_renewed()
    {
        var id = await Acquire();
        await Age(id, Length);

        Assert.Empty(await Live());
        Assert.False(await _table.Renew(id, Length, CancellationToken.None));
        Assert.Empty(await Live());
    }

    [Fact]
    public async Task A_broken_one_stays_live_to_its_end_and_cannot_be_renewed()
    {
        var (broken, other) = (await Acquire(), await Acquire());

        await _table.Break([broken], CancellationToken.None);

        Assert.Equal(2, (await Live()).Count);
        Assert.False(await _table.Renew(broken, Length, CancellationToken.None));
        Assert.True(await _table.Renew(other, Length, CancellationToken.None));
    }

    [Fact]
    public async Task A_released_one_is_gone()
    {
        var id = await Acquire();
        await _table.Release(id, CancellationToken.None);

        Assert.Empty(await Live());
        Assert.False(await _table.Renew(id, Length, CancellationToken.None));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_nobody_wait_for_longer_than_a_lease()
    {
        var id = await Acquire();
        await Age(id, TimeSpan.FromHours(-1));

        Assert.Equal(Length, Assert.Single(await Live()).Remaining);
    }

    [Fact]
    public async Task Services_that_share_a_database_do_not_see_each_others_leases()
    {
        await Acquire();

        Assert.Empty(await new LeaseTable(_pools, "other").Live(CancellationToken.None));
    }

    [Fact]
    public async Task Rows_that_ended_long_ago_go_when_a_lease_is_acquired()
    {
        await Age(await Acquire(), TimeSpan.FromHours(2));
        await Acquire();

        Assert.Equal(1, await _database.Number("SELECT COUNT(*) FROM KeysSiloLease"));
    }

    [Fact]
    public async Task Changes_that_take_every_connection_delay_neither_leases_nor_validations()
    {
        var id = await Acquire();
        var taken = new List<NpgsqlConnection>();
        for (var i = 0; i < 64; i++) taken.Add(await _pools.Grains.OpenConnectionAsync());

        Assert.True(await _table.Renew(id, Length, CancellationToken.None));
        await using (var command = _pools.Reads.CreateCommand("SELECT 1")) await command.ExecuteScalarAsync();
        await using (var command = _pools.Reminders.CreateCommand("SELECT 1")) await command.ExecuteScalarAsync();
        await using (var command = _pools.Membership.CreateCommand("SELECT 1")) await command.ExecuteScalarAsync();

        foreach (var connection in taken) await connection.DisposeAsync();
    }

    [Fact]
    public async Task After_the_server_was_away_no_pool_keeps_a_connection_of_before()
    {
        var id = await Acquire();
        foreach (var pool in (NpgsqlDataSource[])[_pools.Grains, _pools.Reads, _pools.Reminders, _pools.Membership])
            await using (var command = pool.CreateCommand("SELECT 1")) await command.ExecuteScalarAsync();
        await _database.Scalar("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'keys-%'");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => _table.Renew(id, Length, CancellationToken.None));

        foreach (var pool in (NpgsqlDataSource[])[_pools.Grains, _pools.Reads, _pools.Reminders, _pools.Membership])
            await using (var command = pool.CreateCommand("SELECT 1")) await command.ExecuteScalarAsync();
        Assert.True(await _table.Renew(id, Length, CancellationToken.None));
    }

    private async Task<Guid> Acquire()
    {
        var id = Guid.NewGuid();
        await _table.Acquire(id, Holder, Length, CancellationToken.None);
        return id;
    }

    private Task<IReadOnlyList<LiveLease>> Live() => _table.Live(CancellationToken.None);

    private Task<object?> Age(Guid id, TimeSpan by) => _database.Scalar(
        $"UPDATE KeysSiloLease SET ExpiresAt = ExpiresAt - interval '{(int)by.TotalSeconds} seconds' WHERE Id = '{id}'");
}

using System.Net;
using KeysCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class MembershipTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DateTime _now = TimeProvider.System.GetUtcNow().UtcDateTime;
    private PostgreSqlTestDatabase _database = null!;
    private IHost _host = null!;
    private IMembershipTable _table = null!;

    public async Task InitializeAsync()
    {
        _database = new PostgreSqlTestDatabase(await postgres.Server.CreateDatabaseAsync());
        await _database.MigrateAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = StorageTest.ServiceId)
            .ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), FreePort.Next())
            .UseAdoNetClustering(options =>
            {
                options.Invariant = _database.Invariant;
                options.DataSource = _database.DataSource;
            }));
        _host = builder.Build();
        _table = _host.Services.GetRequiredService<IMembershipTable>();
        await _table.InitializeMembershipTableAsync(true, default);
    }

    public async Task DisposeAsync()
    {
        _host.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_new_table_has_a_version_and_no_member()
    {
        await _table.InitializeMembershipTableAsync(true, default);

        var table = await _table.ReadAllAsync(default);

        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
    }

    [Fact]
    public async Task A_joining_silo_is_stored_and_increments_the_version()
    {
        var silo = CreateEntry(1);
        silo.SuspectTimes = null;
        Assert.True(await InsertAsync(silo));

        var read = await _table.ReadRowAsync(silo.SiloAddress, default);
        var (stored, etag) = Assert.Single(read.Members);

        Assert.Equal(1, read.Version.Version);
        Assert.Equal(read.Version.VersionEtag, etag);
        Assert.Equal(
            (silo.SiloAddress, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort),
            (stored.SiloAddress, stored.SiloName, stored.HostName, stored.Status, stored.ProxyPort));
        Assert.Empty((await _table.ReadRowAsync(CreateEntry(2).SiloAddress, default)).Members);
    }

    [Fact]
    public async Task Only_one_of_several_silos_joining_on_the_same_version_succeeds()
    {
        var version = (await _table.ReadAllAsync(default)).Version.Next();

        var joined = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => Task.Run(
            () => _table.InsertRowAsync(CreateEntry(n), version, default))));

        Assert.Single(joined, true);
        var table = await _table.ReadAllAsync(default);
        Assert.Single(table.Members);
        Assert.Equal(1, table.Version.Version);
    }

    [Fact]
    public async Task A_silo_cannot_join_twice()
    {
        Assert.True(await InsertAsync(CreateEntry(1)));
        Assert.False(await InsertAsync(CreateEntry(1)));

        Assert.Equal(1, (await _table.ReadAllAsync(default)).Version.Version);
    }

    [Fact]
    public async Task An_update_with_a_stale_version_is_refused()
    {
        await InsertAsync(CreateEntry(1));
        var stale = (await _table.ReadAllAsync(default)).Version.Next();
        await InsertAsync(CreateEntry(2));
        var dead = CreateEntry(1);
        dead.Status = SiloStatus.Dead;

        Assert.False(await _table.UpdateRowAsync(dead, stale.VersionEtag, stale, default));

        var current = (await _table.ReadAllAsync(default)).Version;
        Assert.False(await _table.UpdateRowAsync(CreateEntry(3), current.VersionEtag, current.Next(), default));
        dead.AddSuspector(CreateEntry(2).SiloAddress, _now);
        Assert.True(await _table.UpdateRowAsync(dead, current.VersionEtag, current.Next(), default));
        var table = await _table.ReadAllAsync(default);
        Assert.Equal(3, table.Version.Version);
        var stored = Assert.Single(table.Members, member => member.Item1.Status == SiloStatus.Dead).Item1;
        Assert.Equal(CreateEntry(2).SiloAddress, Assert.Single(stored.SuspectTimes!).Item1);
    }

    [Fact]
    public async Task A_heartbeat_updates_its_timestamp_but_not_the_version()
    {
        await InsertAsync(CreateEntry(1));
        var alive = CreateEntry(1);
        alive.IAmAliveTime = _now.AddMinutes(1);

        await _table.UpdateIAmAliveAsync(alive, default);

        var table = await _table.ReadAllAsync(default);
        Assert.Equal(1, table.Version.Version);
        Assert.Equal(alive.IAmAliveTime, table.Members[0].Item1.IAmAliveTime, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Cleanup_removes_only_silos_that_died_before_the_cutoff()
    {
        await InsertAsync(CreateEntry(1, SiloStatus.Dead, _now.AddDays(-10)));
        await InsertAsync(CreateEntry(2, SiloStatus.Dead, _now));
        await InsertAsync(CreateEntry(3, SiloStatus.Active, _now.AddDays(-10)));

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(_now.AddDays(-7), TimeSpan.Zero), default);

        var remaining = (await _table.ReadAllAsync(default)).Members;
        Assert.Equal([2, 3], remaining.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task Deleting_a_cluster_removes_all_its_rows()
    {
        await InsertAsync(CreateEntry(1));

        await _table.DeleteMembershipTableEntriesAsync(StorageTest.ServiceId, default);

        Assert.Equal(0, await _database.QueryInt64Async("SELECT COUNT(*) FROM OrleansMembershipVersionTable"));
    }

    private async Task<bool> InsertAsync(MembershipEntry silo) =>
        await _table.InsertRowAsync(silo, (await _table.ReadAllAsync(default)).Version.Next(), default);

    private MembershipEntry CreateEntry(int port, SiloStatus status = SiloStatus.Active, DateTime? aliveAt = null)
    {
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
            SiloName = $"silo-{port}",
            HostName = "host",
            Status = status,
            ProxyPort = 30000,
            StartTime = aliveAt ?? _now,
            IAmAliveTime = aliveAt ?? _now,
        };
    }
}

using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.Silo.Storage.Sqlite;
using KeysCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// A test that uses a database through the real Orleans providers, configured as in the silo, with
/// the privileges of a silo. The silo of the test is built but never started, so only the test reads and writes.
/// </summary>
public abstract class StorageTest : IAsyncLifetime
{
    internal const string ServiceId = "keys";

    private readonly Func<Task<TestDatabase>> _createDatabase;
    private IHost _host = null!;

    private protected StorageTest() =>
        _createDatabase = () => Task.FromResult<TestDatabase>(new SqliteTestDatabase());

    private protected StorageTest(PostgresFixture postgres) =>
        _createDatabase = async () => new PostgreSqlTestDatabase(await postgres.Server.CreateDatabaseAsync());

    /// <summary>Whether a state without a MAC is refused.</summary>
    private protected virtual bool RequiresMac => false;

    /// <summary>The peppers of the MACs.</summary>
    internal PepperRing Ring { get; } = new(new PepperSet(new Pepper(new byte[32])));

    internal TestDatabase Database { get; private set; } = null!;

    internal IGrainStorage Storage { get; private set; } = null!;

    internal IReminderTable Reminders { get; private set; } = null!;

    internal IStateIndex Index =>
        new StateIndex(Database.ServiceDataSource, ServiceId, Mac, Altered, MissingPeppers);

    /// <summary>Counts states that were altered outside the service.</summary>
    internal AlteredStateMonitor Altered => field ??= new AlteredStateMonitor(
        TimeProvider.System,
        _host.Services.GetRequiredService<IMeterFactory>(),
        NullLogger<AlteredStateMonitor>.Instance);

    /// <summary>Counts what could not be verified, because a pepper is missing.</summary>
    internal MissingPepperMonitor MissingPeppers => field ??= new MissingPepperMonitor(
        Ring,
        TimeProvider.System,
        _host.Services.GetRequiredService<IMeterFactory>(),
        NullLogger<MissingPepperMonitor>.Instance);

    internal IEventStore Events => Database.DataSource is SqliteDataSource sqlite
        ? new SqliteEventStore(sqlite, ServiceId)
        : new PostgresEventStore((NpgsqlDataSource)Database.ServiceDataSource, ServiceId);

    internal IProjectEraser Eraser => new ProjectEraser(
        Database.ServiceDataSource,
        Database.DataSource is SqliteDataSource ? new SqliteEventDialect() : new PostgresEventDialect(),
        ServiceId);

    /// <summary>Inserts states as the silo does, beside the provider of Orleans.</summary>
    internal IStateInserter Inserter => new StateInserter(
        Database.ServiceDataSource,
        _host.Services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get("keys"),
        ServiceId,
        new ReplicationGuard("Host=localhost"));

    private StateMac Mac => field ??= new StateMac(Ring, ServiceId, RequiresMac);

    private protected StateJsonSerializer Serializer => field ??= new StateJsonSerializer(Mac);

    public async Task InitializeAsync()
    {
        Database = await CreateDatabaseAsync();
        await PrepareAsync(Database);
        _host = BuildHost(Database);

        Storage = _host.Services.GetRequiredKeyedService<IGrainStorage>("keys");
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(lifecycle);
        await lifecycle.OnStart();

        Reminders = _host.Services.GetRequiredService<IReminderTable>();
        await Reminders.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
    }

    /// <summary>Creates an empty database.</summary>
    private protected Task<TestDatabase> CreateDatabaseAsync() => _createDatabase();

    /// <summary>Creates the schema of the database that the test uses.</summary>
    private protected virtual Task PrepareAsync(TestDatabase database) => database.MigrateAsync();

    internal async Task<TestGrainState> ReadAsync(string stateName, string key)
    {
        var state = new TestGrainState();
        await Storage.ReadStateAsync(stateName, GrainId.Create(stateName, key), state);
        return state;
    }

    internal Task WriteAsync(string stateName, string key, TestGrainState state) =>
        Storage.WriteStateAsync(stateName, GrainId.Create(stateName, key), state);

    internal Task ClearAsync(string stateName, string key, TestGrainState state) =>
        Storage.ClearStateAsync(stateName, GrainId.Create(stateName, key), state);

    /// <summary>Lists states through the index.</summary>
    internal async Task<IReadOnlyList<TestKeyState>> ListPageAsync(
        string stateName, string project, long offset, int limit) =>
        Deserialize(await Index.ListPageAsync(stateName, project, offset, limit, CancellationToken.None));

    internal IReadOnlyList<TestKeyState> Deserialize(IReadOnlyList<IndexedState> states) =>
        [.. states.Select(state => Serializer.Deserialize<TestKeyState>(new BinaryData(state.Json))!)];

    /// <summary>Changes the payload of the only state outside the service.</summary>
    internal async Task AlterAsync(Action<JsonObject> alter, int versionIncrement = 1)
    {
        var payload = (byte[])(await Database.ExecuteScalarAsync("SELECT PayloadBinary FROM OrleansStorage"))!;
        var state = JsonNode.Parse(payload)!.AsObject();
        alter(state);

        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var update = connection.CreateCommand();
        update.CommandText =
            $"UPDATE OrleansStorage SET PayloadBinary = @Payload, Version = Version + {versionIncrement}";
        var parameter = update.CreateParameter();
        parameter.ParameterName = "Payload";
        parameter.Value = Encoding.UTF8.GetBytes(state.ToJsonString());
        update.Parameters.Add(parameter);
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
    }

    private IHost BuildHost(TestDatabase database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .Configure<ClusterOptions>(options => options.ServiceId = ServiceId)
            .AddAdoNetGrainStorage("keys", options =>
            {
                options.Invariant = database.Invariant;
                options.DataSource = database.ServiceDataSource;
                options.GrainStorageSerializer = Serializer;
            })
            .UseAdoNetReminderService(options =>
            {
                options.Invariant = database.Invariant;
                options.DataSource = database.ServiceDataSource;
            }));
        return builder.Build();
    }
}

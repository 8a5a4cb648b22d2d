using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>A silo in another process, on a database with a number of keys of one project.</summary>
internal sealed class SeededSilo : IAsyncDisposable
{
    /// <summary>
    /// The operations of each kind in a round. Each read of a key uses one that the silo has not read since its start.
    /// </summary>
    public const int OperationsPerRound = 200;

    /// <summary>The calls of each kind before the measured ones, with other keys.</summary>
    public const int WarmUpCalls = 100;

    private const int PageSize = 50;

    private readonly ClusterService _cluster;
    private readonly NpgsqlDataSource _database;
    private readonly string _apiKey;
    private readonly SeededKeys _keys;
    private ServiceProcess? _silo;
    private KeysClient? _client;

    private SeededSilo(ClusterService cluster, NpgsqlDataSource database, string apiKey, SeededKeys keys) =>
        (_cluster, _database, _apiKey, _keys) = (cluster, database, apiKey, keys);

    public static async Task<SeededSilo> SeedAsync(PostgresServer server, int count)
    {
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        string apiKey;
        await using (var migrating = await cluster.StartSiloAsync())
        {
            apiKey = await cluster.CreateProjectAsync(migrating);
            using var client = migrating.CreateClient(apiKey);
            await client.CreateAsync();
            await migrating.StopAsync();
        }

        if (!ProjectApiKey.TryParse(apiKey, out var secret))
            throw new InvalidOperationException("The project has no valid API key.");
        var caller = new Caller(ProjectApiKey.GetProjectId(secret), secret.DisplayPrefix);
        var pepper = new Pepper(Convert.FromBase64String(cluster.CreateSettings()["Keys:Pepper"]));
        var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        const int samples = 2 * (OperationsPerRound + WarmUpCalls);
        var keys = await SeededKeys.SeedAsync(database, caller, pepper, count, samples);
        return new SeededSilo(cluster, database, apiKey, keys);
    }

    /// <summary>Starts the silo and returns the time until it was ready, in milliseconds.</summary>
    public async Task<double> StartAsync()
    {
        var start = Stopwatch.GetTimestamp();
        _silo = await _cluster.StartSiloAsync(settings: ClusterService.Unthrottled);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _client = _silo.CreateClient(_apiKey);
        return milliseconds;
    }

    /// <summary>Makes a call of each kind.</summary>
    public async Task WarmUpAsync(int n)
    {
        await ListFirstPageAsync();
        await ListMiddlePageAsync();
        await GetAsync(n - WarmUpCalls);
        await ValidateUncachedAsync(n - WarmUpCalls);
    }

    public Task ListFirstPageAsync() => ListAsync("");

    public Task ListMiddlePageAsync() => ListAsync($"?cursor={_keys.MiddleCursor}");

    public async Task GetAsync(int n)
    {
        var id = VirtualKeyId.FromSecret(_keys.Samples[WarmUpCalls + n]).ToString();
        (await _client!.GetAsync(id)).EnsureStatus(HttpStatusCode.OK);
    }

    public async Task ValidateUncachedAsync(int n)
    {
        var secret = _keys.Samples[WarmUpCalls + OperationsPerRound + WarmUpCalls + n].Reveal();
        if (await _client!.VerifyAsync(secret) is var code and not "active")
            throw new InvalidOperationException($"The verdict on a valid secret is {code}.");
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        await _silo!.StopAsync();
        await _silo.DisposeAsync();
        _silo = null;
    }

    /// <summary>Returns the number of pages that the statement that reads a key touches.</summary>
    public async Task<int> CountPagesPerReadAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var query = new NpgsqlCommand(
            "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'", connection);
        var read = (string)(await query.ExecuteScalarAsync())!;
        var id = VirtualKeyId.FromSecret(_keys.Samples[0]).ToString();
        var (idHash, typeHash) = await ReadHashesAsync(connection, id);

        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {read}", connection);
        (string, object)[] parameters =
        [
            ("GrainIdHash", idHash), ("GrainTypeHash", typeHash), ("ServiceId", "keys"),
            ("GrainTypeString", "virtual-key"), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainIdExtensionString", id),
        ];
        foreach (var (name, value) in parameters) explain.Parameters.AddWithValue(name, value);
        using var json = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
        var plan = json.RootElement[0].GetProperty("Plan");
        return plan.GetProperty("Actual Rows").GetDouble() == 1
            ? plan.GetProperty("Shared Hit Blocks").GetInt32() + plan.GetProperty("Shared Read Blocks").GetInt32()
            : throw new InvalidOperationException("The statement did not find the key.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<(int IdHash, int TypeHash)> ReadHashesAsync(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand(
            "SELECT GrainIdHash, GrainTypeHash FROM OrleansStorage WHERE GrainIdExtensionString = @id", connection);
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private async Task ListAsync(string query)
    {
        var response = await _client!.ListAsync(query);
        if (response.Json.GetProperty("data").GetArrayLength() != PageSize)
            throw new InvalidOperationException($"The page does not have {PageSize} keys: {response.Body}");
    }
}

using System.Diagnostics;
using System.Text.Json;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>A node, as a process of its own, on a database with a number of keys of one project.</summary>
internal sealed class SeededSilo : IAsyncDisposable
{
    /// <summary>Operations of each kind in a round; each cold one takes a key that the node has not seen.</summary>
    public const int OperationsPerRound = 200;

    /// <summary>Calls of each kind before those that count, with keys of their own.</summary>
    public const int WarmUpCalls = 100;

    private const string VirtualKeys = "/api/gateway/v1/virtual-keys";

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

        if (!ProjectApiKey.TryParse(apiKey, out var secret)) throw new InvalidOperationException("It is no API key.");
        var caller = new Caller(ProjectId.FromApiKey(secret), secret.DisplayPrefix);
        var pepper = new Pepper(Convert.FromBase64String(cluster.CreateSettings()["Keys:Pepper"]));
        var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        var keys = await SeededKeys.SeedAsync(database, caller, pepper, count, samples: 2 * (OperationsPerRound + WarmUpCalls));
        return new SeededSilo(cluster, database, apiKey, keys);
    }

    /// <summary>Starts the node and tells how long it took until it was ready, in milliseconds.</summary>
    public async Task<double> StartAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        _silo = await _cluster.StartSiloAsync(environment: new Dictionary<string, string>
        {
            ["Api__RequestsPerSecond"] = "1000000",
        });
        var ready = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        _client = _silo.CreateClient(_apiKey);
        return ready;
    }

    /// <summary>One call of each kind, for its own sake.</summary>
    public async Task WarmUpAsync(int n)
    {
        await ListFirstPageAsync(n);
        await ListMiddlePageAsync(n);
        await GetAsync(n - WarmUpCalls);
        await ValidateUncachedAsync(n - WarmUpCalls);
    }

    public Task ListFirstPageAsync(int n) => GetPageAsync(VirtualKeys);

    public Task ListMiddlePageAsync(int n) => GetPageAsync($"{VirtualKeys}?cursor={_keys.MiddleCursor}");

    public async Task GetAsync(int n)
    {
        var id = VirtualKeyId.FromSecret(_keys.Samples[WarmUpCalls + n]).ToString();
        (await _client!.GetAsync(id)).EnsureStatus(System.Net.HttpStatusCode.OK);
    }

    public async Task ValidateUncachedAsync(int n)
    {
        var secret = _keys.Samples[WarmUpCalls + OperationsPerRound + WarmUpCalls + n].Reveal();
        if (await _client!.VerifyAsync(secret) is var code and not "active") throw new InvalidOperationException($"It is {code}.");
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        await _silo!.StopAsync();
        await _silo.DisposeAsync();
        _silo = null;
    }

    /// <summary>Pages that the statement which reads a key touches.</summary>
    public async Task<int> CountPagesPerReadAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var text = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'", connection);
        var read = (string)(await text.ExecuteScalarAsync())!;
        var id = VirtualKeyId.FromSecret(_keys.Samples[0]).ToString();
        await using var row = new NpgsqlCommand(
            "SELECT GrainIdHash, GrainTypeHash FROM OrleansStorage WHERE GrainIdExtensionString = @id", connection);
        row.Parameters.AddWithValue("id", id);
        int idHash, typeHash;
        await using (var reader = await row.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (idHash, typeHash) = (reader.GetInt32(0), reader.GetInt32(1));
        }

        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {read}", connection);
        (string, object)[] parameters =
        [
            ("GrainIdHash", idHash), ("GrainTypeHash", typeHash), ("ServiceId", "keys"), ("GrainTypeString", "virtual-key"),
            ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainIdExtensionString", id),
        ];
        foreach (var (name, value) in parameters) explain.Parameters.AddWithValue(name, value);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
        var root = plan.RootElement[0].GetProperty("Plan");
        if (root.GetProperty("Actual Rows").GetDouble() != 1) throw new InvalidOperationException("The key was not found.");
        return root.GetProperty("Shared Hit Blocks").GetInt32() + root.GetProperty("Shared Read Blocks").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task GetPageAsync(string path)
    {
        var answer = await _client!.SendAsync(HttpMethod.Get, path);
        if (answer.Json.GetProperty("data").GetArrayLength() is var keys and not 50)
            throw new InvalidOperationException($"The page has {keys} keys: {answer.Body}");
    }
}

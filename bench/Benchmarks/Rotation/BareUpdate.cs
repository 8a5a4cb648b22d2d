using Npgsql;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>
/// The minimum cost of a durable change: one prepared UPDATE of a row as large as that of a rotated key. Each worker
/// has a persistent connection.
/// </summary>
internal sealed class BareUpdate : IRotation
{
    private readonly NpgsqlDataSource _database;
    private readonly IReadOnlyList<byte[]> _payloads;
    private readonly List<NpgsqlCommand> _workers = [];

    private BareUpdate(NpgsqlDataSource database, IReadOnlyList<byte[]> payloads) =>
        (_database, _payloads) = (database, payloads);

    public string Name => "bare_update";

    /// <param name="connectionString">The database that the measured silo also uses.</param>
    /// <param name="workers">The maximum number of workers.</param>
    /// <param name="payloads">The payload that each pass writes.</param>
    public static async Task<BareUpdate> CreateAsync(
        string connectionString, int workers, IReadOnlyList<byte[]> payloads)
    {
        var bare = new BareUpdate(NpgsqlDataSource.Create(connectionString), payloads);
        await bare.ExecuteAsync(
            "CREATE TABLE bare (id integer PRIMARY KEY, payload bytea NOT NULL, version integer NOT NULL) "
            + "WITH (fillfactor = 70)");
        for (var i = 0; i < workers; i++) bare._workers.Add(await bare.PrepareWorkerAsync());
        return bare;
    }

    public async Task PrepareAsync(int keys)
    {
        await ExecuteAsync("TRUNCATE bare");
        await using var command = _database.CreateCommand(
            "INSERT INTO bare SELECT id, $1, 0 FROM generate_series(0, $2 - 1) AS id");
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = _payloads[0] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = keys });
        await command.ExecuteNonQueryAsync();
    }

    public async Task RotateAsync(int worker, int key, int pass)
    {
        var command = _workers[worker];
        ((NpgsqlParameter<byte[]>)command.Parameters[0]).TypedValue = _payloads[pass];
        ((NpgsqlParameter<int>)command.Parameters[1]).TypedValue = key;
        ((NpgsqlParameter<int>)command.Parameters[2]).TypedValue = pass;
        if (await command.ExecuteNonQueryAsync() != 1)
            throw new InvalidOperationException("The update affected no row.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _workers) await command.Connection!.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<NpgsqlCommand> PrepareWorkerAsync()
    {
        var connection = await _database.OpenConnectionAsync();
        var command = new NpgsqlCommand(
            "UPDATE bare SET payload = $1, version = version + 1 WHERE id = $2 AND version = $3", connection);
        command.Parameters.Add(new NpgsqlParameter<byte[]>());
        command.Parameters.Add(new NpgsqlParameter<int>());
        command.Parameters.Add(new NpgsqlParameter<int>());
        await command.PrepareAsync();
        return command;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

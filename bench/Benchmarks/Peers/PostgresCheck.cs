using System.Security.Cryptography;
using System.Text;
using KeysCluster.Benchmarks.Loads;
using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>
/// The lookup of services without a cache: SHA-256 of the secret, a <c>SELECT</c> by the unique index on the hash, a
/// check of the row. The statement is prepared, and each caller has a persistent connection.
/// </summary>
internal sealed class PostgresCheck : ISecretCheck, IAsyncDisposable
{
    private const string CreateTableSql = """
        CREATE TABLE peer_keys (
            id text PRIMARY KEY, hash bytea NOT NULL UNIQUE, project_id text NOT NULL, name text NOT NULL,
            enabled boolean NOT NULL, expires_at timestamptz)
        """;

    private const string SelectSql = "SELECT id, project_id, name, enabled, expires_at FROM peer_keys WHERE hash = $1";

    private readonly NpgsqlDataSource _database;
    private readonly IReadOnlyList<string> _secrets;
    private readonly List<NpgsqlCommand> _commands = [];

    private PostgresCheck(NpgsqlDataSource database, IReadOnlyList<string> secrets) =>
        (_database, _secrets) = (database, secrets);

    public string Name => "postgres_select";

    /// <param name="connectionString">An empty database.</param>
    /// <param name="secrets">The secrets to store.</param>
    /// <param name="callers">The maximum number of callers.</param>
    public static async Task<PostgresCheck> CreateAsync(
        string connectionString, IReadOnlyList<string> secrets, int callers)
    {
        var check = new PostgresCheck(NpgsqlDataSource.Create(connectionString), secrets);
        await check.ExecuteAsync(CreateTableSql);
        await check.CopyRowsAsync();
        await check.ExecuteAsync("VACUUM ANALYZE peer_keys");
        for (var i = 0; i < callers; i++) check._commands.Add(await check.PrepareCommandAsync());
        return check;
    }

    public async ValueTask<bool> IsValidAsync(int caller, int secret)
    {
        var command = _commands[caller];
        ((NpgsqlParameter<byte[]>)command.Parameters[0]).TypedValue = Hash(_secrets[secret]);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            && reader.GetBoolean(3)
            && (reader.IsDBNull(4) || reader.GetDateTime(4) > TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands) await command.Connection!.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<NpgsqlCommand> PrepareCommandAsync()
    {
        var command = new NpgsqlCommand(SelectSql, await _database.OpenConnectionAsync());
        command.Parameters.Add(new NpgsqlParameter<byte[]>());
        await command.PrepareAsync();
        return command;
    }

    private async Task CopyRowsAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY peer_keys FROM STDIN (FORMAT binary)");
        for (var n = 0; n < _secrets.Count; n++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync($"key_{n}");
            await copy.WriteAsync(Hash(_secrets[n]));
            await copy.WriteAsync("a project");
            await copy.WriteAsync("a key");
            await copy.WriteAsync(true);
            await copy.WriteAsync(DateTime.MaxValue.ToUniversalTime().AddDays(-1), NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}

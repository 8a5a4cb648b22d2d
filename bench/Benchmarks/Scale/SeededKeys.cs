using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;
using Npgsql;
using NpgsqlTypes;
using Orleans.Configuration;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>
/// Keys of one project, as many as no one would create one by one: states by the service's own rules, in rows as its
/// storage and its triggers write them.
/// </summary>
/// <param name="Samples">Secrets of keys from all over the list.</param>
/// <param name="MiddleCursor">Leads to the page in the middle of the list.</param>
internal sealed record SeededKeys(IReadOnlyList<Secret> Samples, string MiddleCursor)
{
    private const string ServiceId = "keys";
    private const string StateName = "virtual-key";

    /// <param name="database">A database that a node has migrated and written one key to.</param>
    /// <param name="caller">Whose keys.</param>
    /// <param name="pepper">The node's.</param>
    /// <param name="count">How many.</param>
    /// <param name="samples">How many of them to sample.</param>
    public static async Task<SeededKeys> SeedAsync(
        NpgsqlDataSource database, Caller caller, Pepper pepper, int count, int samples)
    {
        var hashes = await CreateHasherAsync(database);
        var begin = TimeProvider.System.GetUtcNow().AddSeconds(-count);
        var sampled = new List<Secret>(samples);
        var middle = "";
        await using (var states = await BulkCopy.BeginAsync(
            database,
            "OrleansStorage (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainTypeString, "
            + "ServiceId, PayloadBinary, ModifiedOn, Version)"))
        await using (var index = await BulkCopy.BeginAsync(
            database,
            "KeysStateIndex (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, StateName, "
            + "ServiceId, Owner, CreatedAt, Id)"))
        await using (var audit = await BulkCopy.BeginAsync(
            database, "KeysAudit (ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix)"))
        {
            for (var n = 0; n < count; n++)
            {
                var (secret, state) = CreateKey(caller, pepper, TruncateToMilliseconds(begin.AddSeconds(n)));
                if (n % (count / samples) == 0 && sampled.Count < samples) sampled.Add(secret);
                var createdAt = UtcMillisecondJsonConverter.Format(state.CreatedAt);
                if (n == count / 2) middle = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{createdAt} {state.Id}"));
                var (idHash, typeHash) = hashes(state.Id);
                var payload = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);
                await states.WriteAsync(
                    idHash, typeHash, 0L, 0L, state.Id, StateName, ServiceId, payload, state.CreatedAt, 1);
                await index.WriteAsync(
                    idHash, typeHash, 0L, 0L, state.Id, StateName, ServiceId, state.ProjectId, createdAt, state.Id);
                await audit.WriteAsync(
                    ServiceId, StateName, state.Id, state.ProjectId, 1L, "created", caller.Actor, createdAt, secret.DisplayPrefix);
            }
        }

        // As autovacuum would have done long before there were that many.
        await using var connection = await database.OpenConnectionAsync();
        await using var vacuum = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 120 };
        await vacuum.ExecuteNonQueryAsync();
        return new SeededKeys(sampled, middle);
    }

    /// <summary>A new key and the state that its creation writes.</summary>
    public static (Secret Secret, VirtualKeyState State) CreateKey(Caller caller, Pepper pepper, DateTimeOffset now)
    {
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var create = new CreateVirtualKeyCommand
        {
            Caller = caller,
            Name = "a key",
            Environment = VirtualKeyEnvironment.Live,
            ProviderCredentialIds = [],
            Secret = NewSecret.From(secret, now),
        };
        var state = VirtualKeyLifecycle.Create(id.ToString(), create, StoredSecret.From(create.Secret, pepper, now), now).State!;
        return (secret, state);
    }

    /// <summary>Instants are stored in whole milliseconds.</summary>
    private static DateTimeOffset TruncateToMilliseconds(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMillisecond));

    /// <summary>Orleans' own hashes of a key and of its state's name, which must be those in the row that the node wrote.</summary>
    private static async Task<Func<string, (int Id, int Type)>> CreateHasherAsync(NpgsqlDataSource database)
    {
        var options = new AdoNetGrainStorageOptions();
        new DefaultAdoNetGrainStorageOptionsHashPickerConfigurator().PostConfigure(null, options);
        var hasher = options.HashPicker.HashProviders.First();
        (int Id, int Type) Hashes(string id) =>
            (hasher.Hash([.. Encoding.UTF8.GetBytes(id).Reverse()]), hasher.Hash(Encoding.UTF8.GetBytes(StateName)));

        await using var command = database.CreateCommand(
            $"SELECT GrainIdExtensionString, GrainIdHash, GrainTypeHash FROM OrleansStorage WHERE GrainTypeString = '{StateName}'");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return Hashes(row.GetString(0)) == (row.GetInt32(1), row.GetInt32(2))
            ? Hashes
            : throw new InvalidOperationException("Rows are not hashed as they were: seeded keys would not be found.");
    }

    /// <summary>Fills a table without its triggers.</summary>
    private sealed class BulkCopy(NpgsqlConnection connection, NpgsqlBinaryImporter importer) : IAsyncDisposable
    {
        public static async Task<BulkCopy> BeginAsync(NpgsqlDataSource database, string table)
        {
            var connection = await database.OpenConnectionAsync();
            await using var untriggered = new NpgsqlCommand("SET session_replication_role = replica", connection);
            await untriggered.ExecuteNonQueryAsync();
            return new BulkCopy(connection, await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT binary)"));
        }

        public async Task WriteAsync(params object[] row)
        {
            await importer.StartRowAsync();
            foreach (var value in row)
            {
                if (value is DateTimeOffset instant) await importer.WriteAsync(instant, NpgsqlDbType.TimestampTz);
                else if (value is byte[] bytes) await importer.WriteAsync(bytes, NpgsqlDbType.Bytea);
                else await importer.WriteAsync(value);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await importer.CompleteAsync();
            await importer.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}

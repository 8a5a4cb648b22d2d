using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;
using Npgsql;
using Orleans.Configuration;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>
/// Keys of one project that are written directly to the database, because creating a million of them takes too long.
/// The rules of the service compute their states. The rows are those that its storage and its triggers write.
/// </summary>
/// <param name="Samples">Secrets of keys at regular distances in the list.</param>
/// <param name="MiddleCursor">The cursor of the page in the middle of the list.</param>
internal sealed record SeededKeys(IReadOnlyList<Secret> Samples, string MiddleCursor)
{
    private const string ServiceId = "keys";
    private const string StateName = "virtual-key";

    /// <param name="database">A database that a silo has migrated and written one key to.</param>
    /// <param name="caller">The project of the keys.</param>
    /// <param name="pepper">The pepper of the silo.</param>
    /// <param name="count">The number of keys.</param>
    /// <param name="samples">The number of samples.</param>
    public static async Task<SeededKeys> SeedAsync(
        NpgsqlDataSource database, Caller caller, Pepper pepper, int count, int samples)
    {
        var hashes = await CreateHasherAsync(database);
        var firstCreation = TimeProvider.System.GetUtcNowMilliseconds().AddSeconds(-count);
        var sampled = new List<Secret>(samples);
        var middle = "";
        await using (var states = await TableCopy.BeginAsync(
            database,
            "OrleansStorage (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, "
            + "GrainTypeString, ServiceId, PayloadBinary, ModifiedOn, Version)"))
        await using (var index = await TableCopy.BeginAsync(
            database,
            "KeysStateIndex (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, StateName, "
            + "ServiceId, Owner, CreatedAt, Id)"))
        await using (var events = await TableCopy.BeginAsync(
            database, "KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)"))
        {
            for (var n = 0; n < count; n++)
            {
                var (secret, state) = CreateKey(caller, pepper, firstCreation.AddSeconds(n));
                if (n % (count / samples) == 0 && sampled.Count < samples) sampled.Add(secret);
                var createdAt = UtcMillisecondJsonConverter.Format(state.CreatedAt);
                if (n == count / 2)
                    middle = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{createdAt} {state.Id}"));
                var (idHash, typeHash) = hashes(state.Id);
                var payload = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);
                await states.WriteAsync(
                    idHash, typeHash, 0L, 0L, state.Id, StateName, ServiceId, payload, state.CreatedAt, 1);
                await index.WriteAsync(
                    idHash, typeHash, 0L, 0L, state.Id, StateName, ServiceId, state.ProjectId, createdAt, state.Id);
                await events.WriteAsync(
                    ServiceId, StateName, state.Id, state.ProjectId, 1L, "created", caller.Actor, createdAt);
            }
        }

        // In production, autovacuum has done this by the time there are so many rows.
        await using var connection = await database.OpenConnectionAsync();
        await using var vacuum = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 120 };
        await vacuum.ExecuteNonQueryAsync();
        return new SeededKeys(sampled, middle);
    }

    /// <summary>Returns the secret of a new key, and the state that its creation writes.</summary>
    public static (Secret Secret, VirtualKeyState State) CreateKey(Caller caller, Pepper pepper, DateTimeOffset now)
    {
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var create = BenchmarkKey.NewCreateCommand(caller, NewSecret.From(secret, now));
        var storedSecret = StoredSecret.From(create.Secret, pepper, now);
        return (secret, VirtualKeyLifecycle.Create(id.ToString(), create, storedSecret, now).State!);
    }

    /// <summary>
    /// Returns a function that computes the hashes of a row key as Orleans does. It is checked with the row of the
    /// silo.
    /// </summary>
    private static async Task<Func<string, (int Id, int Type)>> CreateHasherAsync(NpgsqlDataSource database)
    {
        var options = new AdoNetGrainStorageOptions();
        new DefaultAdoNetGrainStorageOptionsHashPickerConfigurator().PostConfigure(null, options);
        var hasher = options.HashPicker.HashProviders.First();
        (int Id, int Type) ComputeHashes(string id) =>
            (hasher.Hash([.. Encoding.UTF8.GetBytes(id).Reverse()]), hasher.Hash(Encoding.UTF8.GetBytes(StateName)));

        await using var command = database.CreateCommand(
            "SELECT GrainIdExtensionString, GrainIdHash, GrainTypeHash FROM OrleansStorage "
            + $"WHERE GrainTypeString = '{StateName}'");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return ComputeHashes(row.GetString(0)) == (row.GetInt32(1), row.GetInt32(2))
            ? ComputeHashes
            : throw new InvalidOperationException("Orleans computes other hashes, so seeded keys would not be found.");
    }
}

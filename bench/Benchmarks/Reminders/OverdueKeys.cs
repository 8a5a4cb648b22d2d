using System.Security.Cryptography;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>
/// Keys that were all rotated in one second a day ago, and whose reminders came due while no node ran: states by the
/// service's own rules, written by its own storage.
/// </summary>
internal static class OverdueKeys
{
    private const int WriteConcurrency = 32;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(30);

    public static async Task WriteAsync(string connectionString, NpgsqlDataSource database, int count)
    {
        var deadline = TimeProvider.System.GetUtcNow() - Overdue;
        var pepper = new Pepper(RandomNumberGenerator.GetBytes(Pepper.MinLength));
        var keys = Enumerable.Range(0, count).Select(n => CreateState(deadline.AddMilliseconds(n % 1000), pepper)).ToList();

        await using var silo = await InProcessSilo.StartAsync(builder => builder.UsePostgres(connectionString), "keys");
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = WriteConcurrency }, async (state, _) =>
            await silo.Storage.WriteStateAsync(
                StorageNames.VirtualKey, GrainId.Create("vk", state.Id), new GrainState<VirtualKeyState>(state)));
        await ReminderRows.CopyAsync(database, keys.Select(state =>
            (state.Id, state.GetNextErasureDue()!.Value + TimeSpan.FromSeconds(1))));
    }

    private static VirtualKeyState CreateState(DateTimeOffset deadline, Pepper pepper)
    {
        var rotated = deadline - GracePeriod.Default;
        var id = VirtualKeyId.New(rotated);
        var create = new CreateVirtualKeyCommand
        {
            Caller = BenchmarkKey.Caller,
            Name = "a key",
            Environment = VirtualKeyEnvironment.Live,
            ProviderCredentialIds = [],
            Secret = Secret(rotated),
        };
        var rotate = new RotateSecretCommand { Caller = BenchmarkKey.Caller, Secret = Secret(rotated) };
        var created = VirtualKeyLifecycle.Create(
            id.ToString(), create, StoredSecret.From(create.Secret, pepper, rotated), rotated).State!;
        return SecretHolderLifecycle.Rotate<VirtualKeyState, VirtualKey>(
            created, StoredSecret.From(rotate.Secret, pepper, rotated), rotate, rotated).State;

        NewSecret Secret(DateTimeOffset now) => NewSecret.From(VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live), now);
    }
}

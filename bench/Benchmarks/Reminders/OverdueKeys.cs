using System.Security.Cryptography;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>
/// Keys that were all rotated within one second a day ago, and whose reminders became due while no silo was running.
/// The rules of the service compute their states, and its storage writes them.
/// </summary>
internal static class OverdueKeys
{
    private const int WriteConcurrency = 32;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(30);

    public static async Task WriteAsync(string connectionString, NpgsqlDataSource database, int count)
    {
        var deadline = TimeProvider.System.GetUtcNow() - Overdue;
        var pepper = new Pepper(RandomNumberGenerator.GetBytes(Pepper.MinLength));
        var states = Enumerable.Range(0, count)
            .Select(n => CreateState(deadline.AddMilliseconds(n % 1000), pepper))
            .ToList();

        await using var silo = await InProcessSilo.StartAsync(builder => builder.UsePostgres(connectionString), "keys");
        var options = new ParallelOptions { MaxDegreeOfParallelism = WriteConcurrency };
        await Parallel.ForEachAsync(states, options, async (state, _) =>
        {
            var grainId = GrainId.Create(GrainTypeNames.VirtualKey, state.Id);
            var grainState = new GrainState<VirtualKeyState>(state);
            await silo.Storage.WriteStateAsync(StorageNames.VirtualKey, grainId, grainState);
        });
        await ReminderRows.CopyAsync(database, states.Select(state =>
            (state.Id, state.EraseAt!.Value + TimeSpan.FromSeconds(1))));
    }

    /// <summary>Returns the state of a key with a replaced secret that expires at a deadline.</summary>
    private static VirtualKeyState CreateState(DateTimeOffset deadline, Pepper pepper)
    {
        var rotatedAt = deadline - GracePeriod.Default;
        var (secret, created) = SeededKeys.CreateKey(BenchmarkKey.Caller, pepper, rotatedAt);
        var newSecret = VirtualKeySecret.Mint(VirtualKeyId.FromSecret(secret), VirtualKeyEnvironment.Live);
        var rotate = new RotateSecretCommand
        {
            Caller = BenchmarkKey.Caller,
            Secret = NewSecret.From(newSecret, rotatedAt),
        };
        return VirtualKeyLifecycle.Rotate(created, rotate, pepper, rotatedAt, eraseBefore: rotatedAt).State!;
    }
}

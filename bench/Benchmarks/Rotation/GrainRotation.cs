using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Rotations by grain calls, in the process of the silo.</summary>
internal sealed class GrainRotation(InProcessSilo silo) : IRotation
{
    private IReadOnlyList<BenchmarkKey> _keys = [];

    public string Name => "rotate_grain";

    public static async Task<GrainRotation> StartAsync(string connectionString) =>
        new(await InProcessSilo.StartAsync(builder => builder.UsePostgres(connectionString)));

    public async Task PrepareAsync(int keys) =>
        _keys = await BenchmarkKey.CreateManyAsync(silo.Grains, keys, ClosedLoop.MaxConcurrency);

    public async Task RotateAsync(int worker, int key, int pass)
    {
        var secret = VirtualKeySecret.Mint(_keys[key].Id, VirtualKeyEnvironment.Live);
        var result = await _keys[key].Grain.Rotate(new RotateSecretCommand
        {
            Caller = _keys[key].Owner,
            Secret = NewSecret.From(secret, TimeProvider.System.GetUtcNow()),
        });
        if (result.Outcome != ChangeOutcome.Done)
            throw new InvalidOperationException($"A rotation failed: {result.Outcome}.");
    }

    public ValueTask DisposeAsync() => silo.DisposeAsync();
}

using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Rotations through the grain, from within the silo's process.</summary>
internal sealed class GrainRotation(InProcessSilo silo) : IRotation
{
    private readonly List<BenchmarkKey> _keys = [];

    public string Name => "rotate_grain";

    public static async Task<GrainRotation> StartAsync(string connectionString) =>
        new(await InProcessSilo.StartAsync(builder => builder.UsePostgres(connectionString)));

    public async Task PrepareAsync(int keys)
    {
        _keys.Clear();
        foreach (var batch in Enumerable.Range(0, keys).Chunk(ClosedLoop.MaxConcurrency))
            _keys.AddRange(await Task.WhenAll(batch.Select(_ => BenchmarkKey.CreateAsync(silo.Grains))));
    }

    public async Task RotateAsync(int worker, int key, int pass)
    {
        var secret = VirtualKeySecret.Mint(_keys[key].Id, VirtualKeyEnvironment.Live);
        var result = await _keys[key].Grain.RotateAsync(new RotateSecretCommand
        {
            Caller = BenchmarkKey.Caller,
            Secret = NewSecret.From(secret, TimeProvider.System.GetUtcNow()),
        });
        if (result.Outcome != ChangeOutcome.Done) throw new InvalidOperationException($"Not rotated: {result.Outcome}.");
    }

    public ValueTask DisposeAsync() => silo.DisposeAsync();
}

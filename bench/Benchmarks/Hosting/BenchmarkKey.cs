using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A virtual key that was created by a grain call. All of them belong to one project.</summary>
internal sealed record BenchmarkKey(VirtualKeyId Id, Secret Secret, IVirtualKeyGrain Grain)
{
    public static Caller Caller { get; } = new(ProjectId.New(TimeProvider.System.GetUtcNow()), "sk-lw-BENCHM");

    public static async Task<BenchmarkKey> CreateAsync(IGrainFactory grains)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var grain = grains.GetVirtualKeyGrain(id);
        var result = await grain.Create(NewCreateCommand(Caller, NewSecret.From(secret, now)));
        return result.Outcome == ChangeOutcome.Done
            ? new BenchmarkKey(id, secret, grain)
            : throw new InvalidOperationException($"The creation of a key failed: {result.Outcome}.");
    }

    /// <summary>Creates keys, several at the same time.</summary>
    public static async Task<IReadOnlyList<BenchmarkKey>> CreateManyAsync(
        IGrainFactory grains, int count, int concurrency)
    {
        var keys = new List<BenchmarkKey>(count);
        foreach (var batch in Enumerable.Range(0, count).Chunk(concurrency))
            keys.AddRange(await Task.WhenAll(batch.Select(_ => CreateAsync(grains))));
        return keys;
    }

    public static CreateVirtualKeyCommand NewCreateCommand(Caller caller, NewSecret secret) => new()
    {
        Caller = caller,
        Name = "a key",
        Environment = VirtualKeyEnvironment.Live,
        ProviderCredentialIds = [],
        Secret = secret,
    };
}

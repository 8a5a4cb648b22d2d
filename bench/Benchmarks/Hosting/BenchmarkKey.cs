using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A virtual key that was created by a grain call.</summary>
internal sealed record BenchmarkKey(VirtualKeyId Id, Secret Secret, IVirtualKeyGrain Grain, Caller Owner)
{
    /// <summary>The project of a key that is created alone.</summary>
    public static Caller Caller { get; } = NewCaller();

    public static Task<BenchmarkKey> CreateAsync(IGrainFactory grains) => CreateAsync(grains, Caller);

    private static async Task<BenchmarkKey> CreateAsync(IGrainFactory grains, Caller caller)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var grain = grains.GetVirtualKeyGrain(id);
        var result = await grain.Create(NewCreateCommand(caller, NewSecret.From(secret, now)));
        return result.Outcome == ChangeOutcome.Done
            ? new BenchmarkKey(id, secret, grain, caller)
            : throw new InvalidOperationException($"The creation of a key failed: {result.Outcome}.");
    }

    /// <summary>
    /// Creates keys of a new project, several at the same time. A project has a limit of keys, which the rounds of a
    /// benchmark together would exceed.
    /// </summary>
    public static async Task<IReadOnlyList<BenchmarkKey>> CreateManyAsync(
        IGrainFactory grains, int count, int concurrency)
    {
        var caller = NewCaller();
        var keys = new List<BenchmarkKey>(count);
        foreach (var batch in Enumerable.Range(0, count).Chunk(concurrency))
            keys.AddRange(await Task.WhenAll(batch.Select(_ => CreateAsync(grains, caller))));
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

    private static Caller NewCaller() => new(ProjectId.New(TimeProvider.System.GetUtcNow()), "sk-lw-BENCHM");
}

using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A virtual key made through its grain, for one project.</summary>
internal sealed record BenchmarkKey(VirtualKeyId Id, Secret Secret, IVirtualKeyGrain Grain)
{
    public static Caller Caller { get; } = new(ProjectId.New(TimeProvider.System.GetUtcNow()), "sk-lw-BENCHM");

    public static async Task<BenchmarkKey> CreateAsync(IGrainFactory grains)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var grain = grains.GetGrain<IVirtualKeyGrain>(id.ToString());
        var result = await grain.CreateAsync(new CreateVirtualKeyCommand
        {
            Caller = Caller,
            Name = "a key",
            Environment = VirtualKeyEnvironment.Live,
            ProviderCredentialIds = [],
            Secret = NewSecret.From(secret, now),
        });
        return result.Outcome == ChangeOutcome.Done
            ? new BenchmarkKey(id, secret, grain)
            : throw new InvalidOperationException($"A key was not created: {result.Outcome}.");
    }
}

using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A virtual key made through its grain, for one project.</summary>
internal sealed record NewKey(VirtualKeyId Id, Secret Secret, IVirtualKeyGrain Grain)
{
    public static Caller Owner { get; } = new(ProjectId.New(TimeProvider.System.GetUtcNow()), "sk-lw-BENCHM");

    public static async Task<NewKey> CreateAsync(IGrainFactory grains)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var secret = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        var grain = grains.GetGrain<IVirtualKeyGrain>(id.ToString());
        var result = await grain.Create(new CreateVirtualKey
        {
            Caller = Owner,
            Name = "a key",
            Environment = VirtualKeyEnvironment.Live,
            ProviderCredentialIds = [],
            Secret = NewSecret.Of(secret, now),
        });
        return result.Outcome == ChangeOutcome.Done
            ? new NewKey(id, secret, grain)
            : throw new InvalidOperationException($"A key was not created: {result.Outcome}.");
    }
}

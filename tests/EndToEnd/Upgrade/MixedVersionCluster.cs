using System.Diagnostics;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A node of the previous build and one of this build, on one database.</summary>
internal sealed class MixedVersionCluster : IAsyncDisposable
{
    private const int MinKeysPerSilo = 4;
    private const int MaxKeys = 200;

    private readonly ClusterService _cluster;

    private MixedVersionCluster(ClusterService cluster, ServiceProcess old, ServiceProcess @new, string apiKey)
    {
        (_cluster, PreviousSilo, CurrentSilo) = (cluster, old, @new);
        (PreviousClient, CurrentClient) = (old.CreateClient(apiKey), @new.CreateClient(apiKey));
    }

    public ServiceProcess PreviousSilo { get; }

    public ServiceProcess CurrentSilo { get; }

    public KeysClient PreviousClient { get; }

    public KeysClient CurrentClient { get; }

    public static async Task<MixedVersionCluster> StartAsync(ClusterService cluster, string previousSilo, bool oldFirst)
    {
        await AssertIsPreviousBuildAsync(previousSilo);
        Func<Task<ServiceProcess>> old = () => cluster.StartSiloAsync(program: previousSilo);
        Func<Task<ServiceProcess>> @new = () => cluster.StartSiloAsync();
        var first = await (oldFirst ? old : @new)();
        var second = await (oldFirst ? @new : old)();
        var apiKey = await cluster.CreateProjectAsync(first);
        return oldFirst ? new(cluster, first, second, apiKey) : new(cluster, second, first, apiKey);
    }

    /// <summary>Keys made through either node by turns, some of whose activations live on each.</summary>
    public async Task<List<MixedVersionKey>> CreateKeysAsync()
    {
        await using var service = await ValidatingClient.StartAsync(_cluster.ConnectionString);
        var management = service.Client.GetGrain<IManagementGrain>(0);
        var keys = new List<MixedVersionKey>();
        while (keys.Count < MaxKeys)
        {
            for (var i = 0; i < 2 * MinKeysPerSilo; i++) keys.Add(await MixedVersionKey.CreateAsync(i % 2 == 0 ? PreviousClient : CurrentClient));
            var grains = await management.GetDetailedGrainStatistics();
            var silos = grains.Where(grain => grain.GrainId.Type.ToString() == "vk").CountBy(grain => grain.SiloAddress);
            if (silos.Count(silo => silo.Value >= MinKeysPerSilo) == 2) return keys;
        }

        throw new InvalidOperationException($"Of {MaxKeys} keys, one node has fewer than {MinKeysPerSilo}.");
    }

    public async ValueTask DisposeAsync()
    {
        PreviousClient.Dispose();
        CurrentClient.Dispose();
        await PreviousSilo.DisposeAsync();
        await CurrentSilo.DisposeAsync();
    }

    private static async Task AssertIsPreviousBuildAsync(string silo)
    {
        var hash = await PreviousCommit.GetHashAsync();
        foreach (var assembly in (string[])["Silo", "Api", "Grains", "Grains.Abstractions"])
        {
            var file = Path.Combine(Path.GetDirectoryName(silo)!, $"KeysCluster.{assembly}.dll");
            Assert.EndsWith(hash!, FileVersionInfo.GetVersionInfo(file).ProductVersion, StringComparison.Ordinal);
        }
    }
}

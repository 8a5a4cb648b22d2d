using System.Diagnostics;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A node of the previous build and one of this build, on one database.</summary>
internal sealed class MixedCluster : IAsyncDisposable
{
    private const int FewestOnEach = 4;
    private const int MostKeys = 200;

    private readonly ClusterService _cluster;

    private MixedCluster(ClusterService cluster, ServiceProcess old, ServiceProcess @new, string apiKey)
    {
        (_cluster, Old, New) = (cluster, old, @new);
        (OnOld, OnNew) = (old.CreateClient(apiKey), @new.CreateClient(apiKey));
    }

    public ServiceProcess Old { get; }

    public ServiceProcess New { get; }

    public KeysClient OnOld { get; }

    public KeysClient OnNew { get; }

    public static async Task<MixedCluster> StartAsync(ClusterService cluster, string previousSilo, bool oldFirst)
    {
        await AssertIsPreviousAsync(previousSilo);
        Func<Task<ServiceProcess>> old = () => cluster.StartSiloAsync(program: previousSilo);
        Func<Task<ServiceProcess>> @new = () => cluster.StartSiloAsync();
        var first = await (oldFirst ? old : @new)();
        var second = await (oldFirst ? @new : old)();
        var apiKey = await cluster.CreateProjectAsync(first);
        return oldFirst ? new(cluster, first, second, apiKey) : new(cluster, second, first, apiKey);
    }

    /// <summary>Keys made through either node by turns, some of whose activations live on each.</summary>
    public async Task<List<MixedKey>> CreateKeysAsync()
    {
        await using var service = await InClusterService.StartAsync(_cluster.ConnectionString);
        var management = service.Client.GetGrain<IManagementGrain>(0);
        var keys = new List<MixedKey>();
        while (keys.Count < MostKeys)
        {
            for (var i = 0; i < 2 * FewestOnEach; i++) keys.Add(await MixedKey.CreateAsync(i % 2 == 0 ? OnOld : OnNew));
            var grains = await management.GetDetailedGrainStatistics();
            var silos = grains.Where(grain => grain.GrainId.Type.ToString() == "vk").CountBy(grain => grain.SiloAddress);
            if (silos.Count(silo => silo.Value >= FewestOnEach) == 2) return keys;
        }

        throw new InvalidOperationException($"Of {MostKeys} keys, one node has fewer than {FewestOnEach}.");
    }

    public async ValueTask DisposeAsync()
    {
        OnOld.Dispose();
        OnNew.Dispose();
        await Old.DisposeAsync();
        await New.DisposeAsync();
    }

    private static async Task AssertIsPreviousAsync(string silo)
    {
        var hash = await PreviousCommit.HashAsync();
        foreach (var assembly in (string[])["Silo", "Api", "Grains", "Grains.Abstractions"])
        {
            var file = Path.Combine(Path.GetDirectoryName(silo)!, $"KeysCluster.{assembly}.dll");
            Assert.EndsWith(hash!, FileVersionInfo.GetVersionInfo(file).ProductVersion, StringComparison.Ordinal);
        }
    }
}

using System.Diagnostics.Metrics;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.Validation;

[Collection(ClusterTests.Name)]
public sealed class ValidationGaugeTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_silo_publishes_its_cache_entries_and_its_reads_in_progress()
    {
        var key = GrainTestKey.Unknown(cluster);
        var read = key.Reads.BlockNext();

        var validation = key.ValidateAsync(key.First);
        await read.Arrived;
        Assert.Equal((1, 1), (ReadGauge("keys.reads.queued"), ReadGauge("keys.cache.fills")));

        read.Open();
        Assert.Equal(VerdictCode.NotFound, await validation);
        await Wait.UntilAsync(() => ReadGauge("keys.reads.queued") == 0);
        Assert.Equal(0, ReadGauge("keys.cache.fills"));

        await GrainTestKey.CreateAsync(cluster);
        Assert.InRange(ReadGauge("keys.cache.entries"), 1, int.MaxValue);
        Assert.InRange(ReadGauge("keys.cache.size"), 1, TestSiloBuilderExtensions.CacheBytes);
    }

    private long ReadGauge(string name) => GaugeReader.Read(
        cluster.SiloServices.GetRequiredService<IMeterFactory>(), name, GrainTypeNames.VirtualKey);
}

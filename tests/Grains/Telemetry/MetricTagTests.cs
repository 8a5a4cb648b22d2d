using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.Telemetry;

/// <summary>
/// No tag of a metric identifies a key, a project or a caller, and none makes an unlimited number of series.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class MetricTagTests(KeysTestCluster cluster)
{
    private static readonly Dictionary<string, IReadOnlyCollection<string>> PermittedValues = new()
    {
        ["action"] = [.. typeof(EventTypes).GetFields().Select(field => (string)field.GetRawConstantValue()!)],
        ["code"] = [.. Enum.GetNames<VerdictCode>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)],
        ["holder"] = ["client", "silo"],
        ["kind"] = [GrainTypeNames.VirtualKey, GrainTypeNames.Project],
        ["outcome"] = ["acknowledged", "confirmed", "delivered", "failed", "refused", "unknown", "written"],
        ["path"] = ["cache", "format", "silo", "storage"],
    };

    [Fact]
    public async Task Every_tag_of_every_metric_is_a_text_of_a_closed_set()
    {
        var tags = new ConcurrentDictionary<(string Instrument, string Key, object? Value), bool>();
        using var listener = Listen(tags);

        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        await key.ValidateAsync(key.Mint());
        await key.RotateAsync();
        await cluster.Validator.ValidateAsync("vk-lw-live_nonsense");
        key.Writes.FailNext();
        await Assert.ThrowsAnyAsync<Exception>(key.RotateAsync);
        await key.Grain.Revoke(TestData.Caller);
        await key.ValidateAsync(key.First);
        listener.RecordObservableInstruments();

        Assert.Contains(("keys.validation.duration", "path", (object)"storage"), tags.Keys);
        Assert.Contains(("keys.storage.write.duration", "outcome", "unknown"), tags.Keys);
        Assert.Contains(("keys.changes", "action", "revoked"), tags.Keys);
        Assert.All(tags.Keys, tag => Assert.True(
            tag.Value is string value && PermittedValues[tag.Key].Contains(value), tag.ToString()));
    }

    [Fact]
    public void The_meter_has_the_version_of_the_build()
    {
        var meter = KeysClusterMeter.Create(cluster.SiloServices.GetRequiredService<IMeterFactory>());

        Assert.Equal(typeof(KeysClusterMeter).Assembly.GetName().Version!.ToString(3), meter.Version);
    }

    private MeterListener Listen(ConcurrentDictionary<(string, string, object?), bool> tags)
    {
        var meters = cluster.SiloServices.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != KeysClusterMeter.Name || instrument.Meter.Scope != meters) return;
                Assert.Equal(KeysClusterMeter.Version, instrument.Meter.Version);
                listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>(Add);
        listener.SetMeasurementEventCallback<long>(Add);
        listener.SetMeasurementEventCallback<double>(Add);
        listener.Start();
        return listener;

        void Add<T>(
            Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> measured, object? state)
        {
            foreach (var (key, value) in measured) tags[(instrument.Name, key, value)] = true;
        }
    }
}

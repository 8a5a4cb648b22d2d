using System.Diagnostics.Metrics;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Verification;

public sealed class ValidationMetricsTests
{
    [Fact]
    public async Task Every_validation_is_counted_once_under_its_path_and_verdict()
    {
        using var silo = new SiloValidationHarness();
        var secret = silo.StoreKey();

        await silo.AssertVerdictsAsync(VerdictCode.Active, secret, secret, secret);
        await silo.AssertVerdictsAsync(VerdictCode.NotFound, TestData.MintSecret());
        await silo.ValidateAsync("vk-lw-live_nonsense");

        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["cache active"] = 2,
                ["format malformed"] = 1,
                ["storage active"] = 1,
                ["storage not_found"] = 1,
            },
            MetricReader.Read(silo.Meters, "keys.validations"));
    }

    [Fact]
    public async Task Each_read_and_some_cached_validations_are_timed()
    {
        using var silo = new SiloValidationHarness();
        using var durations = new MetricCollector<double>(
            silo.Meters, KeysClusterMeter.Name, "keys.validation.duration");
        var secret = silo.StoreKey();

        await silo.AssertVerdictsAsync(VerdictCode.Active, Enumerable.Repeat(secret, 10_000));
        await silo.AssertVerdictsAsync(VerdictCode.NotFound, TestData.MintSecret());

        var measured = durations.GetMeasurementSnapshot();
        Assert.All(measured, duration => Assert.InRange(duration.Value, 0, 60));
        Assert.Single(measured, duration => IsTagged(duration, "storage", "active"));
        Assert.Single(measured, duration => IsTagged(duration, "storage", "not_found"));
        Assert.InRange(measured.Count(duration => IsTagged(duration, "cache", "active")), 1, 100);
    }

    [Fact]
    public async Task An_observed_cached_validation_allocates_nothing()
    {
        using var silo = new SiloValidationHarness();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == silo.Meters) listener.EnableMeasurementEvents(instrument);
            },
        };
        var durations = 0;
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => durations++);
        listener.Start();
        var secret = silo.StoreKey();
        await silo.AssertVerdictsAsync(VerdictCode.Active, secret);
        var text = secret.Reveal();

        // One in a thousand is timed, so some of these are.
        for (var i = 0; i < 50; i++) AllocationAssert.None(() => silo.ValidateAsync(text));

        Assert.InRange(durations, 5, int.MaxValue);
    }

    private static bool IsTagged(CollectedMeasurement<double> duration, string path, string code) =>
        (duration.Tags["path"], duration.Tags["code"]) is (string p, string c) && (p, c) == (path, code);
}

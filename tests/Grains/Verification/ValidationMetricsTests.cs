using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Verification;

public sealed class ValidationMetricsTests
{
    [Fact]
    public async Task Every_validation_is_counted_once_under_its_verdict()
    {
        using var silo = new SiloValidationHarness();
        using var counts = new MetricCollector<long>(silo.Meters, KeysClusterMeter.Name, "keys.validations");
        var secret = silo.StoreKey();

        await silo.AssertVerdictsAsync(VerdictCode.Active, secret, secret);
        await silo.AssertVerdictsAsync(VerdictCode.NotFound, TestData.MintSecret());
        await silo.ValidateAsync("vk-lw-live_nonsense");

        Assert.Equal(
            [VerdictCode.Active, VerdictCode.Active, VerdictCode.NotFound, VerdictCode.Malformed],
            counts.GetMeasurementSnapshot().Select(measurement => measurement.Tags["code"]));
        Assert.All(counts.GetMeasurementSnapshot(), measurement => Assert.Equal(1, measurement.Value));
    }
}

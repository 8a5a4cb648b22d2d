using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>What a silo counts of its validations.</summary>
public sealed class ValidationMetricsTests
{
    [Fact]
    public async Task Every_validation_is_counted_once_under_its_verdict()
    {
        using var silo = new SiloValidationHarness();
        using var counted = new MetricCollector<long>(silo.Meters, VirtualKeyValidationServiceCollectionExtensions.MeterName, "keys.validations");
        var secret = silo.StoreKey();

        await silo.AssertVerdictsAsync(VerdictCode.Active, secret, secret);
        await silo.AssertVerdictsAsync(VerdictCode.NotFound, SiloValidationHarness.MintForUnknownKey());
        await silo.ValidateAsync("vk-lw-live_nonsense");

        Assert.Equal(
            [VerdictCode.Active, VerdictCode.Active, VerdictCode.NotFound, VerdictCode.Malformed],
            counted.GetMeasurementSnapshot().Select(one => one.Tags["code"]));
        Assert.All(counted.GetMeasurementSnapshot(), one => Assert.Equal(1, one.Value));
    }
}

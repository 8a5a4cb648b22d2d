using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>What a silo counts of its validations.</summary>
public sealed class CountTests
{
    [Fact]
    public async Task Each_validation_is_counted_once_by_its_verdict()
    {
        using var silo = new ValidatingSilo();
        using var counted = new MetricCollector<long>(silo.Meters, ValidatorServices.MeterName, "keys.validations");
        var secret = silo.Store();

        await silo.Expect(VerdictCode.Active, secret, secret);
        await silo.Expect(VerdictCode.NotFound, ValidatingSilo.Unknown());
        await silo.Validate("vk-lw-live_nonsense");

        Assert.Equal(
            [VerdictCode.Active, VerdictCode.Active, VerdictCode.NotFound, VerdictCode.Malformed],
            counted.GetMeasurementSnapshot().Select(one => one.Tags["code"]));
        Assert.All(counted.GetMeasurementSnapshot(), one => Assert.Equal(1, one.Value));
    }
}

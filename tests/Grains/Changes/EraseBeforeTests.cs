using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>An erasure is final for every silo, so it waits for the permitted offset of the clocks.</summary>
public sealed class EraseBeforeTests
{
    private static readonly LeaseOptions Options = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly DatabaseClock _databaseClock;

    public EraseBeforeTests()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _databaseClock = new(Options, _clock, meters, NullLogger<DatabaseClock>.Instance);
    }

    [Fact]
    public void A_silo_erases_what_has_expired_on_every_silo_whose_clock_is_within_the_limit() =>
        Assert.Equal(TestData.Start.AddSeconds(-1), _databaseClock.GetEraseBefore(TestData.Start));

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    [InlineData(1.001)]
    public async Task A_silo_whose_clock_is_wrong_erases_nothing_by_a_deadline(double secondsAhead)
    {
        await ObserveDatabaseTimeAsync(TestData.Start.AddSeconds(-secondsAhead));

        Assert.Equal(DateTimeOffset.MinValue, _databaseClock.GetEraseBefore(TestData.Start));

        await ObserveDatabaseTimeAsync(TestData.Start);
        Assert.Equal(TestData.Start.AddSeconds(-1), _databaseClock.GetEraseBefore(TestData.Start));
    }

    private Task<LogRead> ObserveDatabaseTimeAsync(DateTimeOffset time) => _databaseClock.ObserveAsync(
        () => Task.FromResult(new LogRead(new LogPosition("1", "1:1:"), [], time)));
}

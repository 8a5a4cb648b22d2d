using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>How an operator learns that the clock of a silo is wrong, with a permitted offset of one second.</summary>
public sealed class DatabaseClockTests : IDisposable
{
    private const int InaccurateEvent = 240;
    private const int AccurateEvent = 241;
    private const int NearLimitEvent = 242;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MachineClock _time = new();
    private readonly FakeLogger<DatabaseClock> _logger = new();
    private readonly MetricCollector<double> _offsets;
    private readonly MetricCollector<long> _violations;
    private readonly DatabaseClock _clock;

    public DatabaseClockTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _offsets = new MetricCollector<double>(meters, KeysClusterMeter.Name, "keys.clock.offset");
        _violations = new MetricCollector<long>(meters, KeysClusterMeter.Name, "keys.clock.violations");
        _clock = new DatabaseClock(
            new LeaseOptions(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)), _time, meters, _logger);
    }

    private IEnumerable<int> LoggedEvents => _logger.Collector.GetSnapshot().Select(record => record.Id.Id);

    public void Dispose()
    {
        _offsets.Dispose();
        _violations.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(-0.25)]
    [InlineData(7200)]
    public async Task The_offset_is_published_in_seconds_ahead_of_the_database(double offset)
    {
        await CompareAsync(offset);

        _offsets.RecordObservableInstruments();
        Assert.Equal(offset, _offsets.LastMeasurement!.Value, precision: 6);
    }

    [Fact]
    public void No_offset_is_published_before_the_first_comparison()
    {
        _offsets.RecordObservableInstruments();

        Assert.Null(_offsets.LastMeasurement);
    }

    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(1.001, 1)]
    [InlineData(-1.001, 1)]
    public async Task Each_comparison_beyond_the_limit_is_counted_and_the_first_one_is_logged(
        double offset, int violationsPerComparison)
    {
        await CompareAsync(offset);
        await CompareAsync(offset);

        _violations.RecordObservableInstruments();
        Assert.Equal(2 * violationsPerComparison, _violations.LastMeasurement!.Value);
        Assert.Equal(violationsPerComparison, LoggedEvents.Count(id => id == InaccurateEvent));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.501, true)]
    [InlineData(-0.501, true)]
    [InlineData(1.0, true)]
    [InlineData(1.001, false)]
    public async Task An_offset_of_more_than_half_of_the_limit_is_logged_once(double offset, bool isNearLimit)
    {
        await CompareAsync(offset);
        await CompareAsync(offset);

        Assert.Equal(isNearLimit, _clock.IsNearLimit);
        Assert.Equal(isNearLimit ? 1 : 0, LoggedEvents.Count(id => id == NearLimitEvent));
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(7200)]
    public async Task The_end_of_an_offset_is_logged(double offset)
    {
        await CompareAsync(offset);
        await CompareAsync(0.1);
        await CompareAsync(0.1);

        Assert.Equal((true, false), (_clock.IsAccurate, _clock.IsNearLimit));
        Assert.Equal(AccurateEvent, LoggedEvents.Last());
        Assert.Single(LoggedEvents, id => id == AccurateEvent);
    }

    /// <summary>Until the next comparison, a silo would erase hashes of secrets that have not expired.</summary>
    [Fact]
    public async Task A_clock_that_is_set_ahead_is_inaccurate_before_the_next_comparison()
    {
        await CompareAsync(0);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_clock.IsAccurate);

        _time.Step = TimeSpan.FromSeconds(1);
        Assert.True(_clock.IsAccurate);
        _time.Step += TimeSpan.FromTicks(1);

        Assert.False(_clock.IsAccurate);
    }

    /// <summary>A process may be paused between its reads of the monotonic clock and of the wall clock.</summary>
    [Fact]
    public async Task A_pause_of_the_process_is_not_a_step_of_its_clock()
    {
        await CompareAsync(0);

        _time.NextPause = TimeSpan.FromSeconds(10);
        Assert.True(_clock.IsAccurate);

        await _clock.ObserveAsync(() =>
        {
            var read = new LogRead(new LogPosition("1", "1:1:"), [], _time.GetUtcNow());
            _time.NextPause = TimeSpan.FromSeconds(10);
            return Task.FromResult(read);
        });
        Assert.True(_clock.IsAccurate);
    }

    [Fact]
    public async Task The_log_names_both_clocks()
    {
        await CompareAsync(7200);

        var message = _logger.LatestRecord.Message;
        Assert.Contains("2026-11-22T10:15:00", message, StringComparison.Ordinal);
        Assert.Contains("2026-11-22T08:15:00", message, StringComparison.Ordinal);
    }

    private Task<LogRead> CompareAsync(double secondsAhead) => _clock.ObserveAsync(() => Task.FromResult(
        new LogRead(new LogPosition("1", "1:1:"), [], _time.GetUtcNow().AddSeconds(-secondsAhead))));
}

using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class ClockGuardTests : IAsyncLifetime
{
    private static readonly TimeSpan WrongOffset = TimeSpan.FromHours(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LoopObservingClock _time = new();
    private readonly TestLifetime _lifetime = new();
    private readonly DatabaseClock _clock;
    private readonly ClockGuard _guard;
    private readonly int _exitCode = Environment.ExitCode;

    public ClockGuardTests()
    {
        _clock = new DatabaseClock(
            new LeaseOptions(TimeSpan.FromSeconds(5), Second),
            _time,
            _services.GetRequiredService<IMeterFactory>(),
            NullLogger<DatabaseClock>.Instance);
        _guard = new ClockGuard(_clock, _lifetime, _time, NullLogger<ClockGuard>.Instance);
    }

    public async Task InitializeAsync()
    {
        await _guard.StartAsync(CancellationToken.None);

        // It has created its timer and starts to wait.
        await Wait.UntilAsync(() => _time.ReadCount > 0);
    }

    public async Task DisposeAsync()
    {
        await _guard.StopAsync(CancellationToken.None);
        _guard.Dispose();
        await _services.DisposeAsync();
        Environment.ExitCode = _exitCode;
    }

    [Fact]
    public async Task A_silo_whose_clock_is_wrong_for_a_minute_stops_with_exit_code_1()
    {
        await CompareAsync(WrongOffset);

        await PassAsync(ClockGuard.MaxDuration - Second);
        Assert.False(_lifetime.IsStopping);

        await PassAsync(Second);
        await Wait.UntilAsync(() => _lifetime.IsStopping);
        Assert.Equal(1, Environment.ExitCode);
    }

    [Fact]
    public async Task A_clock_that_is_corrected_within_a_minute_stops_nothing()
    {
        for (var i = 0; i < 3; i++)
        {
            await CompareAsync(WrongOffset);
            await PassAsync(ClockGuard.MaxDuration - Second);
            await CompareAsync(TimeSpan.Zero);
            await PassAsync(Second);
        }

        Assert.False(_lifetime.IsStopping);
    }

    [Fact]
    public async Task A_silo_with_an_accurate_clock_does_not_stop()
    {
        await CompareAsync(Second);

        await PassAsync(2 * ClockGuard.MaxDuration);

        Assert.False(_lifetime.IsStopping);
    }

    /// <summary>Compares the clock with that of a database.</summary>
    private Task<LogRead> CompareAsync(TimeSpan ahead) => _clock.ObserveAsync(() => Task.FromResult(
        new LogRead(new LogPosition("1", "1:1:"), [], _time.GetUtcNow() - ahead)));

    /// <summary>Advances second by second, and waits until the guard has read the clock each time.</summary>
    private async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Second)
        {
            var reads = _time.ReadCount;
            _time.Advance(Second);
            await Wait.UntilAsync(() => _time.ReadCount > reads);
        }
    }

    /// <summary>A fake clock that counts how often its monotonic time was read.</summary>
    private sealed class LoopObservingClock() : FakeTimeProvider(TestData.Start)
    {
        private int _readCount;

        public int ReadCount => Volatile.Read(ref _readCount);

        public override long GetTimestamp()
        {
            var timestamp = base.GetTimestamp();
            Interlocked.Increment(ref _readCount);
            return timestamp;
        }
    }

    private sealed class TestLifetime : IHostApplicationLifetime
    {
        private volatile bool _isStopping;

        public bool IsStopping => _isStopping;

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _isStopping = true;
    }
}

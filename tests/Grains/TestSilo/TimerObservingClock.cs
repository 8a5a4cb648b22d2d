using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A fake clock that reports new timers, so that a test advances exactly to each of them.</summary>
internal sealed class TimerObservingClock() : FakeTimeProvider(TestData.Start)
{
    private readonly Channel<TimeSpan> _dueTimes = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _dueTimes.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits for the next timer and returns its due time.</summary>
    public Task<TimeSpan> WaitForTimerAsync() => _dueTimes.Reader.ReadAsync().AsTask().WaitAsync(Wait.Timeout);

    /// <summary>Waits for the next timer, which is due after a time, and advances to it.</summary>
    public async Task AdvanceUntilWaitingAsync(TimeSpan dueTime)
    {
        Assert.Equal(dueTime, await WaitForTimerAsync());
        Advance(dueTime);
    }

    /// <summary>Advances from timer to timer until the work completes, and returns the time that passed.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Task work)
    {
        var start = GetUtcNow();
        while (true)
        {
            var timer = _dueTimes.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(work, timer).WaitAsync(Wait.Timeout);
            if (work.IsCompleted) break;
            if (_dueTimes.Reader.TryRead(out var dueTime)) Advance(dueTime);
        }

        await work;
        return GetUtcNow() - start;
    }
}

using Orleans.Reminders.Diagnostics;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Tells a test when a reminder waits for its due time and when a tick of it has ended.</summary>
internal sealed class ReminderObserver : IObserver<ReminderEvents.ReminderEvent>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<GrainId> _armed = [];
    private readonly Dictionary<GrainId, int> _ticks = [];
    private readonly List<(Func<bool> IsDone, TaskCompletionSource Done)> _waiting = [];
    private readonly IDisposable _subscription;

    public ReminderObserver() => _subscription = ReminderEvents.AllEvents.Subscribe(this);

    /// <summary>How many ticks of the grain's reminder have ended, well or not.</summary>
    public int GetTickCount(GrainId grain)
    {
        lock (_lock) return _ticks.GetValueOrDefault(grain);
    }

    /// <summary>Returns when only the clock keeps the grain's reminder from ticking.</summary>
    public Task WaitUntilArmedAsync(GrainId grain) => WaitUntilAsync(() => _armed.Contains(grain));

    public Task WaitForTicksAsync(GrainId grain, int count) => WaitUntilAsync(() => _ticks.GetValueOrDefault(grain) >= count);

    public void OnNext(ReminderEvents.ReminderEvent value)
    {
        lock (_lock)
        {
            if (value is ReminderEvents.LocalReminderTickWaitArmed) _armed.Add(value.GrainId);
            else if (value is not ReminderEvents.Registered) _armed.Remove(value.GrainId);
            if (value is ReminderEvents.TickCompleted or ReminderEvents.TickFailed)
                _ticks[value.GrainId] = _ticks.GetValueOrDefault(value.GrainId) + 1;

            foreach (var waiting in _waiting.Where(waiting => waiting.IsDone())) waiting.Done.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Done.Task.IsCompleted);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription.Dispose();

    private Task WaitUntilAsync(Func<bool> isDone)
    {
        lock (_lock)
        {
            if (isDone()) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isDone, done));
            return done.Task.WaitAsync(KeysTestCluster.WaitTimeout);
        }
    }
}

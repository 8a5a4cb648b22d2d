using Orleans.Reminders.Diagnostics;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Lets a test await that a reminder is armed, or that a tick of it has ended.</summary>
internal sealed class ReminderObserver : IObserver<ReminderEvents.ReminderEvent>, IDisposable
{
    private readonly ConditionWaiter _waiter = new();
    private readonly HashSet<GrainId> _armed = [];
    private readonly Dictionary<GrainId, int> _ticks = [];
    private readonly IDisposable _subscription;

    public ReminderObserver() => _subscription = ReminderEvents.AllEvents.Subscribe(this);

    /// <summary>Returns the number of ticks of the grain's reminder that have completed or failed.</summary>
    public int GetTickCount(GrainId grain) => _waiter.Read(() => _ticks.GetValueOrDefault(grain));

    /// <summary>Completes when the grain's reminder waits for nothing but the clock.</summary>
    public Task WaitUntilArmedAsync(GrainId grain) => _waiter.UntilAsync(() => _armed.Contains(grain));

    public Task WaitForTicksAsync(GrainId grain, int count) =>
        _waiter.UntilAsync(() => _ticks.GetValueOrDefault(grain) >= count);

    public void OnNext(ReminderEvents.ReminderEvent value) => _waiter.Update(() =>
    {
        if (value is ReminderEvents.LocalReminderTickWaitArmed) _armed.Add(value.GrainId);
        else if (value is not ReminderEvents.Registered) _armed.Remove(value.GrainId);
        if (value is ReminderEvents.TickCompleted or ReminderEvents.TickFailed)
            _ticks[value.GrainId] = _ticks.GetValueOrDefault(value.GrainId) + 1;
    });

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription.Dispose();
}

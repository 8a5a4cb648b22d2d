using Orleans.Reminders.Diagnostics;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Lets a test await that a reminder is armed, or that a tick of it has ended.</summary>
internal sealed class ReminderObserver : IObserver<ReminderEvents.ReminderEvent>, IDisposable
{
    private readonly ConditionWaiter _waiter = new();
    private readonly HashSet<GrainId> _armed = [];
    private readonly Dictionary<GrainId, List<DateTimeOffset>> _ticks = [];
    private readonly IDisposable _subscription;

    public ReminderObserver() => _subscription = ReminderEvents.AllEvents.Subscribe(this);

    /// <summary>Returns the number of ticks of the grain's reminder that have completed or failed.</summary>
    public int GetTickCount(GrainId grain) => _waiter.Read(() => _ticks.GetValueOrDefault(grain, []).Count);

    /// <summary>Completes when the grain's reminder waits for nothing but the clock.</summary>
    public Task WaitUntilArmedAsync(GrainId grain) => _waiter.UntilAsync(() => _armed.Contains(grain));

    /// <summary>Returns whether a tick that began at or after a time has ended, besides earlier ticks.</summary>
    public bool HasTicked(GrainId grain, int after, DateTimeOffset since) =>
        _waiter.Read(() => _ticks.GetValueOrDefault(grain, []).Skip(after).Any(tick => tick >= since));

    public void OnNext(ReminderEvents.ReminderEvent value) => _waiter.Update(() =>
    {
        if (value is ReminderEvents.LocalReminderTickWaitArmed) _armed.Add(value.GrainId);
        else if (value is not ReminderEvents.Registered) _armed.Remove(value.GrainId);
        if (value is ReminderEvents.TickCompleted completed) AddTick(value.GrainId, completed.Status);
        if (value is ReminderEvents.TickFailed failed) AddTick(value.GrainId, failed.Status);
    });

    private void AddTick(GrainId grain, TickStatus status)
    {
        if (!_ticks.TryGetValue(grain, out var ticks)) _ticks.Add(grain, ticks = []);
        ticks.Add(new DateTimeOffset(status.CurrentTickTime, TimeSpan.Zero));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription.Dispose();
}

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Guards state that other threads change, and lets a test await a condition on it.</summary>
internal sealed class ConditionWaiter
{
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> IsMet, TaskCompletionSource Completion)> _waiting = [];

    public T Read<T>(Func<T> read)
    {
        lock (_lock) return read();
    }

    /// <summary>Changes the state and releases the waits whose condition is now met.</summary>
    public void Update(Action change)
    {
        lock (_lock)
        {
            change();
            foreach (var (isMet, completion) in _waiting)
                if (isMet()) completion.SetResult();
            _waiting.RemoveAll(wait => wait.Completion.Task.IsCompleted);
        }
    }

    /// <summary>Completes when the condition is met, which is checked after every update.</summary>
    public Task UntilAsync(Func<bool> condition)
    {
        lock (_lock)
        {
            if (condition()) return Task.CompletedTask;
            var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, completion));
            return completion.Task.WaitAsync(Wait.Timeout);
        }
    }
}

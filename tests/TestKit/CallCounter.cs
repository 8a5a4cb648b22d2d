namespace KeysCluster.TestKit;

/// <summary>Counts calls, and signals when a number of them was made. Thread-safe.</summary>
public sealed class CallCounter
{
    private readonly Lock _lock = new();
    private readonly List<(int Target, TaskCompletionSource Reached)> _waiters = [];
    private int _count;

    /// <summary>The number of calls so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>Counts a call.</summary>
    public void Increment()
    {
        lock (_lock)
        {
            _count++;
            _waiters.RemoveAll(waiter => waiter.Target <= _count && waiter.Reached.TrySetResult());
        }
    }

    /// <summary>Completes when <paramref name="more"/> calls were made from now on.</summary>
    /// <exception cref="TimeoutException">They were not made within the timeout.</exception>
    public Task WaitForAsync(int more, TimeSpan timeout)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock) _waiters.Add((_count + more, reached));
        return reached.Task.WaitAsync(timeout);
    }
}

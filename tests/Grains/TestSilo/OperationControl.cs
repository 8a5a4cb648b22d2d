using System.Collections.Concurrent;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Counts the operations of one kind, and injects faults into the next ones.</summary>
internal sealed class OperationControl
{
    private readonly ConcurrentQueue<InjectedFault> _nextFaults = new();
    private readonly ConditionWaiter _waiter = new();
    private int _count;
    private int _completedCount;

    /// <summary>The number of operations that have begun.</summary>
    public int Count => _waiter.Read(() => _count);

    /// <summary>Completes when a number of operations have begun.</summary>
    public Task WaitForCountAsync(int count) => _waiter.UntilAsync(() => _count >= count);

    /// <summary>Completes when a number of operations have succeeded.</summary>
    public Task WaitForCompletedAsync(int count) => _waiter.UntilAsync(() => _completedCount >= count);

    public void InjectFaults(params IEnumerable<InjectedFault> faults)
    {
        foreach (var fault in faults) _nextFaults.Enqueue(fault);
    }

    public void FailNext(int count = 1) =>
        InjectFaults(Enumerable.Repeat<InjectedFault>(Faults.FailBeforeAsync, count));

    public void LoseNextResponse() => InjectFaults(Faults.FailAfterAsync);

    public Gate BlockNext()
    {
        var gate = new Gate();
        InjectFaults(gate.BlockBeforeAsync);
        return gate;
    }

    public Gate BlockNextResponse()
    {
        var gate = new Gate();
        InjectFaults(gate.BlockAfterAsync);
        return gate;
    }

    /// <summary>Removes the injected faults that have not been used.</summary>
    public void ClearFaults() => _nextFaults.Clear();

    public async Task RunAsync(Func<Task> operation)
    {
        _waiter.Update(() => _count++);
        if (_nextFaults.TryDequeue(out var fault)) await fault(operation);
        else await operation();
        _waiter.Update(() => _completedCount++);
    }
}

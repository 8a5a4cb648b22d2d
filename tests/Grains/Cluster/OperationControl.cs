using System.Collections.Concurrent;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>The operations of one kind on one grain's row: how many there were, and what befalls the next ones.</summary>
internal sealed class OperationControl
{
    private readonly ConcurrentQueue<InjectedFault> _nextFaults = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void InjectFaults(params IEnumerable<InjectedFault> next)
    {
        foreach (var interference in next) _nextFaults.Enqueue(interference);
    }

    public void FailNext() => InjectFaults(Faults.FailBeforeAsync);

    public void LoseNextResponse() => InjectFaults(Faults.FailAfterAsync);

    public Gate BlockNext()
    {
        var gate = new Gate();
        InjectFaults(gate.BlockAsync);
        return gate;
    }

    /// <summary>Forgets what was to befall the next ones.</summary>
    public void ClearFaults() => _nextFaults.Clear();

    public async Task RunAsync(Func<Task> operation)
    {
        Interlocked.Increment(ref _count);
        if (_nextFaults.TryDequeue(out var interference)) await interference(operation);
        else await operation();
    }
}

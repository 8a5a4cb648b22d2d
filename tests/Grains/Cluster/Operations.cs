using System.Collections.Concurrent;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>The operations of one kind on one grain's row: how many there were, and what befalls the next ones.</summary>
internal sealed class Operations
{
    private readonly ConcurrentQueue<Interference> _next = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Interfere(params IEnumerable<Interference> next)
    {
        foreach (var interference in next) _next.Enqueue(interference);
    }

    public void FailNext() => Interfere(Interferences.FailBefore);

    public void LoseNextAnswer() => Interfere(Interferences.FailAfter);

    public Gate HoldNext()
    {
        var gate = new Gate();
        Interfere(gate.Hold);
        return gate;
    }

    /// <summary>Forgets what was to befall the next ones.</summary>
    public void Calm() => _next.Clear();

    public async Task Run(Func<Task> operation)
    {
        Interlocked.Increment(ref _count);
        if (_next.TryDequeue(out var interference)) await interference(operation);
        else await operation();
    }
}

namespace KeysCluster.Grains.Concurrency;

/// <summary>
/// Coalesces concurrent reads of the same key. A caller that arrives during a read shares the next one, so that every
/// result comes from a read that began after its caller's request, and storage serves one read per key at a time.
/// </summary>
internal sealed class CoalescingReader<TKey, TResult>(Func<TKey, Task<TResult>> readAsync)
    where TKey : notnull
{
    private readonly Dictionary<TKey, InFlightRead> _reads = [];
    private readonly Lock _gate = new();

    /// <summary>The number of keys that are being read or are queued.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _reads.Count;
        }
    }

    /// <summary>
    /// Joins the next read of a key, or starts one; null when <paramref name="limit"/> other keys are being read
    /// already.
    /// </summary>
    public Task<TResult>? TryJoinAsync(TKey key, int limit)
    {
        lock (_gate)
        {
            if (_reads.TryGetValue(key, out var read))
                return read.Next ??= Task.Run(() => RunNextAsync(read, key));
            if (_reads.Count >= limit) return null;
            _reads.Add(key, read = new InFlightRead());
            return read.Running = Task.Run(() => RunAsync(read, key));
        }
    }

    private async Task<TResult> RunNextAsync(InFlightRead read, TKey key)
    {
        await Task.WhenAny(read.Running!);
        lock (_gate) (read.Running, read.Next) = (read.Next, null);
        return await RunAsync(read, key);
    }

    private async Task<TResult> RunAsync(InFlightRead read, TKey key)
    {
        try
        {
            return await readAsync(key);
        }
        finally
        {
            lock (_gate)
            {
                if (read.Next is null) _reads.Remove(key);
            }
        }
    }

    private sealed class InFlightRead
    {
        public Task<TResult>? Running { get; set; }

        public Task<TResult>? Next { get; set; }
    }
}

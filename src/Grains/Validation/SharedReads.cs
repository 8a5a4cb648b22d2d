namespace KeysCluster.Grains.Validation;

/// <summary>
/// Reads of the same thing, one at a time. Whoever asks while one is under way shares the next one: each answer comes from
/// a read that began after the question, and any number of questions costs storage one read at a time.
/// </summary>
internal sealed class SharedReads<TKey, TResult>(Func<TKey, Task<TResult>> read)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Line> _lines = [];
    private readonly Lock _gate = new();

    /// <summary>How many things are being read, or wait for it.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _lines.Count;
        }
    }

    /// <summary>The answer to come; null when as many other things as <paramref name="most"/> are asked for already.</summary>
    public Task<TResult>? TryRead(TKey key, int most)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue(key, out var line)) return line.Next ??= Task.Run(() => ReadAfter(line, key));
            if (_lines.Count >= most) return null;
            _lines.Add(key, line = new Line());
            return line.Running = Task.Run(() => Begin(line, key));
        }
    }

    private async Task<TResult> ReadAfter(Line line, TKey key)
    {
        await Task.WhenAny(line.Running!);
        lock (_gate) (line.Running, line.Next) = (line.Next, null);
        return await Begin(line, key);
    }

    private async Task<TResult> Begin(Line line, TKey key)
    {
        try
        {
            return await read(key);
        }
        finally
        {
            lock (_gate)
            {
                if (line.Next is null) _lines.Remove(key);
            }
        }
    }

    private sealed class Line
    {
        public Task<TResult>? Running { get; set; }

        public Task<TResult>? Next { get; set; }
    }
}

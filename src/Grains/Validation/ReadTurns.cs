using System.Diagnostics;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Validation;

/// <summary>
/// How many reads this silo makes for validations at once: as many as it has connections for them. Owners that it has no
/// memory of, such as those that somebody made up, must leave some to the others.
/// </summary>
internal sealed class ReadTurns : IDisposable
{
    public const int AtOnce = 16;

    public const int StrangersAtOnce = 12;

    private readonly SemaphoreSlim _all = new(AtOnce);
    private readonly SemaphoreSlim _strangers = new(StrangersAtOnce);

    /// <summary>
    /// How long a read waits for its turn, for both where it needs two. It must be less than callers wait: a read that nobody waits for any more would
    /// only hold up those behind it, until every read came too late.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <exception cref="StorageUnavailableException">The turn did not come in time.</exception>
    public Task<T> Run<T>(bool isKnown, Func<Task<T>> read)
    {
        var asked = Stopwatch.GetTimestamp();
        return isKnown ? Run(_all, asked, read) : Run(_strangers, asked, () => Run(_all, asked, read));
    }

    public void Dispose()
    {
        _all.Dispose();
        _strangers.Dispose();
    }

    private async Task<T> Run<T>(SemaphoreSlim turns, long asked, Func<Task<T>> read)
    {
        var left = Patience - Stopwatch.GetElapsedTime(asked);
        if (!await turns.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero)) throw new StorageUnavailableException();
        try
        {
            return await read();
        }
        finally
        {
            turns.Release();
        }
    }
}

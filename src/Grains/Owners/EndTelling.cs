using KeysCluster.Grains.Leases;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Owners;

/// <summary>
/// Makes sure that everyone hears of what changes of one grain have ended. Readers see a change that was made and not told, and
/// may take it for done: so what could not be told is tried again although nobody sends the change again, until all have
/// heard or nobody holds what it ended any more; so long the activation stays. Source: docs/adr/0007-leases.md.
/// </summary>
/// <param name="grain">The one that owns the secrets.</param>
/// <param name="fence">Tells everyone.</param>
/// <param name="turns">How many grains of a silo try again at once.</param>
/// <param name="untold">The revision up to which someone may not have heard, by the grain's state; null for none.</param>
internal sealed class EndTelling(Grain grain, IValidityFence fence, SemaphoreSlim turns, Func<long?> untold)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two attempts; it doubles with each.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(32);

    private IGrainTimer? _timer;
    private TimeSpan _pause;

    /// <summary>Whether someone may not have heard, so that no change may be answered before all have.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Tells everyone, and waits until all have heard.</summary>
    /// <exception cref="StorageUnavailableException">Whether all have is not known; it is tried again.</exception>
    public async Task Settle(long revision)
    {
        try
        {
            await fence.Settle(grain.GetGrainId(), revision);
        }
        catch (StorageUnavailableException)
        {
            SettleSoon();
            throw;
        }

        IsDue = false;
    }

    /// <summary>Someone may not have heard: tells everyone in a while, unless a change does before.</summary>
    public void SettleSoon()
    {
        IsDue = true;
        if (_timer is not null) return;
        _pause = FirstPause;
        _timer = grain.RegisterGrainTimer(
            Try, new GrainTimerCreationOptions { DueTime = FirstPause, Period = FirstPause, KeepAlive = true });
    }

    private async Task Try()
    {
        if (await IsSettled())
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _timer?.Change(_pause, _pause);
    }

    private async Task<bool> IsSettled()
    {
        if (!IsDue || untold() is not { } revision)
        {
            IsDue = false;
            return true;
        }

        if (!await turns.WaitAsync(TimeSpan.Zero)) return false;
        try
        {
            await Settle(revision);
            return true;
        }
        catch (StorageUnavailableException)
        {
            // The fence has logged why.
            return false;
        }
        finally
        {
            turns.Release();
        }
    }
}


namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// Remembers when a key was last used and has it written at most once a minute, off the validation path. A crash may
/// lose the uses of the last minute.
/// </summary>
internal sealed class LastUse(Grain grain, Func<Task> write)
{
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _lastUsedAt;
    private IGrainTimer? _timer;

    public void Record(DateTimeOffset now)
    {
        if (_lastUsedAt is null || _lastUsedAt < now) _lastUsedAt = now;
        _timer ??= grain.RegisterGrainTimer(Flush, WriteInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The state with the latest use that is known; the same state when it holds that already.</summary>
    public VirtualKeyState AppliedTo(VirtualKeyState state) =>
        _lastUsedAt is { } used && (state.LastUsedAt is null || state.LastUsedAt < used)
            ? state with { LastUsedAt = used }
            : state;

    private async Task Flush()
    {
        _timer?.Dispose();
        _timer = null;
        await write();
    }
}

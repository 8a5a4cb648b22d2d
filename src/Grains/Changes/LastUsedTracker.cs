using KeysCluster.Grains.SecretHolders;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Collects times of last use and writes them at most once a minute, off the validation path. A crash may lose the uses
/// of the last two minutes, because validators report once a minute as well.
/// </summary>
internal sealed class LastUsedTracker(Grain grain, Func<Task> writeAsync)
{
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _uses = [];
    private IGrainTimer? _timer;

    public void Record(string secretId, DateTimeOffset now)
    {
        if (!_uses.TryGetValue(secretId, out var used) || used < now) _uses[secretId] = now;
        _timer ??= grain.RegisterGrainTimer(FlushAsync, WriteInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the collected times; returns the same instance when the state contains them already.</summary>
    public TState ApplyTo<TState>(TState state)
        where TState : SecretHolderState =>
        _uses.Count == 0 ? state : (TState)state.WithLastUsed(_uses);

    /// <summary>Discards the uses of secrets that the state does not contain any more.</summary>
    public void Retain(SecretHolderState state)
    {
        foreach (var id in _uses.Keys)
            if (state.FindSecret(id) is null) _uses.Remove(id);
    }

    private async Task FlushAsync()
    {
        _timer?.Dispose();
        _timer = null;
        await writeAsync();
    }
}

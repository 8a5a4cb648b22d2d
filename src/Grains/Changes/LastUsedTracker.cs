using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;

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
        where TState : SecretHolderState
    {
        if (_uses.Count == 0) return state;
        var latest = _uses.Values.Max();
        var secrets = state.Secrets.WithLastUsed(_uses);
        if (ReferenceEquals(secrets, state.Secrets) && state.LastUsedAt >= latest) return state;
        return state with { Secrets = secrets, LastUsedAt = state.LastUsedAt > latest ? state.LastUsedAt : latest };
    }

    /// <summary>Discards the uses of erased secrets. The state contains those that count.</summary>
    public void Retain(SecretSet secrets)
    {
        foreach (var id in _uses.Keys)
            if (secrets.Find(id) is null) _uses.Remove(id);
    }

    private async Task FlushAsync()
    {
        _timer?.Dispose();
        _timer = null;
        await writeAsync();
    }
}

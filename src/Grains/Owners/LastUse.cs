using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Owners;

/// <summary>
/// Remembers when secrets were last used and has it written at most once a minute, off the validation path. A crash may
/// lose the uses of the last two minutes, since <see cref="KeysCluster.Validation.UseReports"/> tells one a minute.
/// </summary>
internal sealed class LastUse(Grain grain, Func<Task> write)
{
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _uses = [];
    private IGrainTimer? _timer;

    public void Record(string secretId, DateTimeOffset now)
    {
        if (!_uses.TryGetValue(secretId, out var used) || used < now) _uses[secretId] = now;
        _timer ??= grain.RegisterGrainTimer(Flush, WriteInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The state with the latest uses that are known; the same state when it holds those already.</summary>
    public TState AppliedTo<TState, TView>(TState state)
        where TState : SecretOwner<TView>
    {
        if (_uses.Count == 0) return state;
        var latest = _uses.Values.Max();
        var secrets = state.Secrets.WithUses(_uses);
        if (ReferenceEquals(secrets, state.Secrets) && state.LastUsedAt >= latest) return state;
        return state with { Secrets = secrets, LastUsedAt = state.LastUsedAt > latest ? state.LastUsedAt : latest };
    }

    /// <summary>Forgets the uses of secrets that are gone; those that count are in the state by then.</summary>
    public void KeepOnly(SecretSet secrets)
    {
        foreach (var id in _uses.Keys)
            if (secrets.Current.Id != id && !secrets.Replaced.Any(secret => secret.Id == id)) _uses.Remove(id);
    }

    private async Task Flush()
    {
        _timer?.Dispose();
        _timer = null;
        await write();
    }
}

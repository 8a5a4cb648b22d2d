using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Collects times of last use, and hashes of used secrets under the current pepper. They are written at most once a
/// minute, off the validation path. A crash may lose those of the last two minutes, because validators report once a
/// minute as well.
/// </summary>
internal sealed class LastUsedTracker(Grain grain, Func<Task> writeAsync)
{
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, SecretUse> _uses = [];
    private readonly Dictionary<string, RehashedSecret> _rehashed = [];
    private IGrainTimer? _timer;

    public void Record(string secretId, SecretUse use)
    {
        if (!_uses.TryGetValue(secretId, out var latest) || latest.At < use.At) _uses[secretId] = use;
        _timer ??= grain.RegisterGrainTimer(FlushAsync, WriteInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rehashes a used secret under the current pepper, unless this was done or is pending already.</summary>
    /// <param name="secret">The stored secret.</param>
    /// <param name="digest">The digest of the secret, as its user presented it.</param>
    /// <param name="peppers">The peppers of this silo.</param>
    public void Rehash(StoredSecret secret, Sha256Digest digest, PepperSet peppers)
    {
        if (_rehashed.TryGetValue(secret.Id, out var pending) && pending.IsFrom(secret)) return;
        var rehashed = secret.Rehash(digest, peppers);
        if (!ReferenceEquals(rehashed, secret)) _rehashed[secret.Id] = new RehashedSecret(secret, rehashed);
    }

    /// <summary>
    /// Sets the collected times and hashes; returns the same instance when the state contains them already.
    /// </summary>
    public TState ApplyTo<TState>(TState state)
        where TState : SecretHolderState
    {
        var used = _uses.Count == 0 ? state : (TState)state.WithLastUsed(_uses);
        return _rehashed.Count == 0 ? used : (TState)used.MapSecrets(secrets => secrets.WithRehashed(_rehashed));
    }

    /// <summary>
    /// Discards the uses of secrets that the state does not contain any more, and hashes that it contains.
    /// </summary>
    public void Retain(SecretHolderState state)
    {
        foreach (var id in _uses.Keys)
            if (state.FindSecret(id) is null) _uses.Remove(id);
        foreach (var (id, rehashed) in _rehashed)
            if (state.FindSecret(id) is not { } secret || !rehashed.IsFrom(secret)) _rehashed.Remove(id);
    }

    private async Task FlushAsync()
    {
        _timer?.Dispose();
        _timer = null;
        await writeAsync();
    }
}

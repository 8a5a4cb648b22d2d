using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// What a virtual key promises, as simply as it can be said: every secret with the instant it works until. It forgets
/// nothing and knows nothing of hashes, so it differs from the code wherever that could go wrong.
/// </summary>
internal sealed class KeyModel(string first)
{
    private readonly Dictionary<string, DateTimeOffset> _validUntil = new() { [first] = DateTimeOffset.MaxValue };
    private readonly HashSet<string> _erased = [];
    private string _current = first;
    private bool _isRevoked;

    public int Revision { get; private set; } = 1;

    public ChangeOutcome Rotate(string secret, DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.Revoked;
        if (_validUntil.Values.Count(until => until > now) > GracePeriod.MaxRetiringSecrets)
            return ChangeOutcome.TooManyRetiringSecrets;
        Erase(now);
        _validUntil[_current] = now.AddHours(24);
        _validUntil[secret] = DateTimeOffset.MaxValue;
        _current = secret;
        Revision++;
        return ChangeOutcome.Done;
    }

    public void Revoke()
    {
        if (!_isRevoked) Revision++;
        _isRevoked = true;
    }

    public ChangeOutcome Rename(bool isNew)
    {
        if (_isRevoked) return ChangeOutcome.Revoked;
        if (isNew) Revision++;
        return ChangeOutcome.Done;
    }

    public void Erase(DateTimeOffset now) =>
        _erased.UnionWith(_validUntil.Where(secret => secret.Value <= now).Select(secret => secret.Key));

    public VerdictCode Verdict(string secret, DateTimeOffset now) =>
        !_validUntil.TryGetValue(secret, out var until) || _erased.Contains(secret) ? VerdictCode.NotFound
        : _isRevoked ? VerdictCode.Revoked
        : secret == _current ? VerdictCode.Active
        : now < until ? VerdictCode.Retiring
        : VerdictCode.ExpiredSecret;

    /// <summary>The next deadline after now, if any secret is retiring.</summary>
    public DateTimeOffset? NextDeadline(DateTimeOffset now) => _validUntil.Values
        .Where(until => until > now && until != DateTimeOffset.MaxValue).Order().Cast<DateTimeOffset?>().FirstOrDefault();
}

using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// The guarantees of a virtual key in their simplest form: every secret with the time until which it is valid. The
/// model removes nothing and has no hashes, so it shares no weakness with the code.
/// </summary>
internal sealed class VirtualKeyModel(string first)
{
    private readonly Dictionary<string, DateTimeOffset> _validUntil = new() { [first] = DateTimeOffset.MaxValue };
    private readonly HashSet<string> _erased = [];
    private readonly HashSet<string> _expiredByCaller = [];
    private string _current = first;
    private bool _isRevoked;
    private bool _isDisabled;
    private DateTimeOffset _expiresAt = DateTimeOffset.MaxValue;

    public int Revision { get; private set; } = 1;

    public ChangeOutcome Rotate(string secret, TimeSpan grace, DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        var deadline = now + grace < _expiresAt ? now + grace : _expiresAt;
        if (deadline > now && _validUntil.Values.Count(until => until > now) > GracePeriod.MaxRetiringSecrets)
            return ChangeOutcome.TooManyRetiringSecrets;
        Erase(now - RuleTestKey.MaxClockOffset);
        _validUntil[_current] = deadline;
        if (deadline <= now) _expiredByCaller.Add(_current);
        _validUntil[secret] = DateTimeOffset.MaxValue;
        _current = secret;
        Revision++;
        return ChangeOutcome.Done;
    }

    public ChangeOutcome ExpireRetiringSecret(string secret, DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        if (!IsRetiring(secret, now)) return ChangeOutcome.RetiringSecretNotFound;
        _validUntil[secret] = now;
        _expiredByCaller.Add(secret);
        Revision++;
        return ChangeOutcome.Done;
    }

    public ChangeOutcome ExpireAllRetiringSecrets(DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        foreach (var secret in _validUntil.Keys.Where(secret => IsRetiring(secret, now)).ToList())
            _validUntil[secret] = now;
        var replaced = _validUntil.Keys.Where(secret => secret != _current && !_erased.Contains(secret)).ToList();
        if (!_expiredByCaller.IsSupersetOf(replaced)) Revision++;
        _expiredByCaller.UnionWith(replaced);
        return ChangeOutcome.Done;
    }

    public ChangeOutcome ChangeDeadline(string secret, DateTimeOffset deadline, DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        if (!IsRetiring(secret, now)) return ChangeOutcome.RetiringSecretNotFound;
        if (deadline <= now) return ChangeOutcome.DeadlineInThePast;
        if (deadline > now.AddDays(30)) return ChangeOutcome.DeadlineTooFar;
        if (deadline > _expiresAt) return ChangeOutcome.DeadlinePastExpiry;
        if (deadline != _validUntil[secret]) Revision++;
        _validUntil[secret] = deadline;
        return ChangeOutcome.Done;
    }

    public ChangeOutcome SetExpiry(DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        if (expiresAt <= now) return ChangeOutcome.ExpiryInThePast;
        var expiry = expiresAt ?? DateTimeOffset.MaxValue;
        if (expiry != _expiresAt) Revision++;
        _expiresAt = expiry;
        foreach (var secret in _validUntil.Keys.Where(secret => IsRetiring(secret, now)).ToList())
            _validUntil[secret] = _validUntil[secret] < expiry ? _validUntil[secret] : expiry;
        return ChangeOutcome.Done;
    }

    public ChangeOutcome SetDisabled(bool disables)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        if (_isDisabled != disables) Revision++;
        _isDisabled = disables;
        return ChangeOutcome.Done;
    }

    public void Revoke()
    {
        if (!_isRevoked) Revision++;
        _isRevoked = true;
    }

    public ChangeOutcome Rename(bool isNew)
    {
        if (_isRevoked) return ChangeOutcome.KeyRevoked;
        if (isNew) Revision++;
        return ChangeOutcome.Done;
    }

    /// <summary>Erases what a caller has expired, and what expired up to an instant.</summary>
    public void Erase(DateTimeOffset eraseBefore)
    {
        _erased.UnionWith(_expiredByCaller);
        _erased.UnionWith(_validUntil.Where(secret => secret.Value <= eraseBefore).Select(secret => secret.Key));
    }

    public VerdictCode GetVerdict(string secret, DateTimeOffset now) =>
        !_validUntil.TryGetValue(secret, out var until) || _erased.Contains(secret) ? VerdictCode.NotFound
        : _isRevoked ? VerdictCode.Revoked
        : until <= now ? VerdictCode.ExpiredSecret
        : _expiresAt <= now ? VerdictCode.Expired
        : _isDisabled ? VerdictCode.Disabled
        : secret == _current ? VerdictCode.Active
        : VerdictCode.Retiring;

    /// <summary>Returns the deadlines of the retiring secrets, latest first.</summary>
    public IEnumerable<DateTimeOffset> GetRetiringDeadlines(DateTimeOffset now) => _isRevoked
        ? []
        : _validUntil.Where(secret => IsRetiring(secret.Key, now)).Select(secret => secret.Value).OrderDescending();

    /// <summary>Returns the next time at which a secret or the key expires; null when there is none.</summary>
    public DateTimeOffset? GetNextDeadline(DateTimeOffset now) => _validUntil.Values.Append(_expiresAt)
        .Where(until => until > now && until != DateTimeOffset.MaxValue)
        .Order()
        .Cast<DateTimeOffset?>()
        .FirstOrDefault();

    private bool IsRetiring(string secret, DateTimeOffset now) =>
        secret != _current && _validUntil.TryGetValue(secret, out var until) && until > now;
}

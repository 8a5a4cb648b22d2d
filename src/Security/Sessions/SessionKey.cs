using System.Collections.Concurrent;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// Makes and verifies session tokens with a key that only silos have. A token that was verified before costs one
/// look-up of its text.
/// </summary>
internal sealed class SessionKey
{
    /// <summary>The number of verified tokens to remember. Each client has one per certificate.</summary>
    private const int MaxVerified = 4096;

    private readonly byte[] _key;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (ClusterRole Role, DateTimeOffset ValidUntil)> _verified = new();

    /// <param name="key">The key, the same on every silo and known to nobody else.</param>
    /// <param name="time">The clock against which the end of validity is checked.</param>
    public SessionKey(ReadOnlySpan<byte> key, TimeProvider time)
    {
        _key = key.ToArray();
        _time = time;
        SiloToken = SessionToken.Encode(SessionToken.Create(_key, ClusterRole.Silo, DateTimeOffset.MaxValue));
    }

    /// <summary>The token that silos attach to their calls of each other.</summary>
    public string SiloToken { get; }

    /// <summary>Makes the token of a client whose certificate has proved its role.</summary>
    public byte[] Create(ClusterRole role, DateTimeOffset validUntil) => SessionToken.Create(_key, role, validUntil);

    /// <summary>Returns the role that a text from a request context proves; null if it proves none.</summary>
    public ClusterRole? FindProvenRole(string? text)
    {
        if (text is null) return null;
        if (!_verified.TryGetValue(text, out var verified))
        {
            Span<byte> token = stackalloc byte[SessionToken.Length];
            if (!SessionToken.TryDecode(text, token)) return null;
            if (!SessionToken.TryRead(_key, token, out var role, out var validUntil)) return null;
            if (_verified.Count >= MaxVerified) _verified.Clear();
            verified = _verified[text] = (role, validUntil);
        }

        return verified.ValidUntil > _time.GetUtcNow() ? verified.Role : null;
    }
}

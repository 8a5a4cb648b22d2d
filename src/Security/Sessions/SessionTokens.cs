using System.Collections.Concurrent;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// Makes and verifies session tokens with keys that only silos have. A token that was verified before costs one
/// look-up of its text.
/// </summary>
internal sealed class SessionTokens
{
    /// <summary>The number of verified tokens to remember. Each client has one per certificate.</summary>
    private const int MaxVerified = 4096;

    private readonly Func<IReadOnlyList<byte[]>> _getKeys;
    private readonly TimeProvider _time;
    private volatile KeySet _keys;

    /// <param name="getKeys">
    /// Returns the keys, the same on every silo and known to nobody else, with the current one first; the same list
    /// until they change.
    /// </param>
    /// <param name="time">The clock against which the end of validity is checked.</param>
    public SessionTokens(Func<IReadOnlyList<byte[]>> getKeys, TimeProvider time)
    {
        (_getKeys, _time) = (getKeys, time);
        _keys = new KeySet(getKeys());
    }

    /// <summary>The key that makes tokens now.</summary>
    public byte[] Current => Keys.List[0];

    /// <summary>The token that silos attach to their calls of each other.</summary>
    public string SiloToken => Keys.SiloToken;

    private KeySet Keys
    {
        get
        {
            var list = _getKeys();
            var keys = _keys;
            return ReferenceEquals(list, keys.List) ? keys : _keys = new KeySet(list);
        }
    }

    /// <summary>Makes the token of a client whose certificate has proved its role.</summary>
    /// <param name="key">A key that <see cref="Current"/> has returned.</param>
    /// <param name="role">The role.</param>
    /// <param name="validUntil">The end of validity.</param>
    public static byte[] Create(byte[] key, ClusterRole role, DateTimeOffset validUntil) =>
        SessionToken.Create(key, role, validUntil);

    /// <summary>Returns the role that a text from a request context proves; null if it proves none.</summary>
    public ClusterRole? FindRole(string? text)
    {
        if (text is null) return null;
        var keys = Keys;
        if (!keys.Verified.TryGetValue(text, out var verified))
        {
            Span<byte> token = stackalloc byte[SessionToken.Length];
            if (!SessionToken.TryDecode(text, token)) return null;
            if (!TryRead(keys.List, token, out var role, out var validUntil)) return null;
            if (keys.Verified.Count >= MaxVerified) keys.Verified.Clear();
            verified = keys.Verified[text] = (role, validUntil);
        }

        return verified.ValidUntil > _time.GetUtcNow() ? verified.Role : null;
    }

    private static bool TryRead(
        IReadOnlyList<byte[]> keys, ReadOnlySpan<byte> token, out ClusterRole role, out DateTimeOffset validUntil)
    {
        foreach (var key in keys)
            if (SessionToken.TryRead(key, token, out role, out validUntil)) return true;
        (role, validUntil) = (default, default);
        return false;
    }

    /// <summary>The keys at one time, and what was made and verified with them.</summary>
    private sealed class KeySet(IReadOnlyList<byte[]> list)
    {
        public IReadOnlyList<byte[]> List => list;

        public string SiloToken { get; } =
            SessionToken.Encode(SessionToken.Create(list[0], ClusterRole.Silo, DateTimeOffset.MaxValue));

        public ConcurrentDictionary<string, (ClusterRole Role, DateTimeOffset ValidUntil)> Verified { get; } = new();
    }
}

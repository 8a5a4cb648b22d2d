namespace KeysCluster.Grains.Sessions;

/// <summary>
/// The stored state of a session. Without the cookie it opens nothing: the credential is encrypted under a key that
/// only the cookie has.
/// </summary>
internal sealed record SessionState
{
    /// <summary>The grain key. A row that was copied from another session has the wrong one.</summary>
    public string Id { get; init; } = "";

    public byte[] Credential { get; init; } = [];

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The last use, accurate to <see cref="KeysCluster.Sessions.SessionLimits.TokenAge"/>.</summary>
    public DateTimeOffset UsedAt { get; init; }

    /// <summary>The digest of the token in use.</summary>
    public byte[] Token { get; init; } = [];

    /// <summary>
    /// The token that was issued to replace <see cref="Token"/>, until its first use; null if there is none. Requests
    /// in parallel receive the same one, whichever response arrives last.
    /// </summary>
    public byte[]? NextToken { get; init; }

    /// <summary>The digest of the token that <see cref="Token"/> has replaced.</summary>
    public byte[]? ReplacedToken { get; init; }

    /// <summary>From this time on, a use of <see cref="ReplacedToken"/> ends the session.</summary>
    public DateTimeOffset? ReplacedTokenUntil { get; init; }
}

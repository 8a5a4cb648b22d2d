namespace KeysCluster.Grains.Sessions;

/// <summary>The outcome of a use of a session.</summary>
internal enum SessionOutcome
{
    /// <summary>The token is accepted.</summary>
    Accepted,

    /// <summary>The session was idle for too long, or has reached its maximum age.</summary>
    Expired,

    /// <summary>The token was replaced, or was never issued: the cookie was copied.</summary>
    Reused,
}

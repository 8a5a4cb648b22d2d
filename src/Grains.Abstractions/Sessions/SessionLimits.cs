namespace KeysCluster.Sessions;

/// <summary>The limits of sessions of the console.</summary>
public static class SessionLimits
{
    /// <summary>The age from which a token is replaced when it is used.</summary>
    public static readonly TimeSpan TokenAge = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a replaced token is accepted after the first use of its replacement, for requests that were on their
    /// way.
    /// </summary>
    public static readonly TimeSpan ReplacedTokenGrace = TimeSpan.FromSeconds(30);

    /// <summary>A session that is not used for this long ends.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(30);

    /// <summary>A session ends this long after its start.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    /// <summary>The maximum length of a sealed credential, in bytes.</summary>
    public const int MaxCredentialBytes = 4096;
}

namespace KeysCluster.Api.Authentication;

/// <summary>How the authentication of a request ended.</summary>
internal enum AuthenticationOutcome
{
    /// <summary>The request has a valid key.</summary>
    Succeeded,

    /// <summary>An endpoint that requires a key was called without one.</summary>
    Missing,

    /// <summary>The credentials are unreadable, or neither an admin key nor in the format of an API key.</summary>
    Malformed,

    /// <summary>An API key that is unknown, revoked or expired.</summary>
    Invalid,

    /// <summary>An admin key after its <c>NotAfter</c>.</summary>
    Expired,

    /// <summary>
    /// An uncached key from an address with too many failed authentications; the response is a 429.
    /// </summary>
    Limited,

    /// <summary>The validity of an API key could not be determined; the response is a 503.</summary>
    Unavailable,
}

using System.Security.Cryptography;
using KeysCluster.Sessions;

namespace KeysCluster.Grains.Sessions;

/// <summary>
/// The rules of sessions. Tokens are replaced as OAuth 2.0 refresh tokens are (RFC 9700, 4.14.2), with one difference:
/// a new token replaces the old one at its first use, so that a lost response loses no session.
/// </summary>
internal static class SessionRules
{
    public static SessionState Start(string id, StartSessionCommand command, DateTimeOffset now) => new()
    {
        Id = id,
        Credential = command.Credential,
        Token = command.Token.ToArray(),
        StartedAt = now,
        UsedAt = now,
    };

    /// <summary>Returns whether the session has ended by a limit.</summary>
    public static bool IsExpired(SessionState state, DateTimeOffset now) =>
        state.UsedAt + SessionLimits.IdleTimeout <= now || state.StartedAt + SessionLimits.MaxAge <= now;

    /// <summary>Decides about a use of a session.</summary>
    /// <param name="state">The session.</param>
    /// <param name="token">The digest of the presented token.</param>
    /// <param name="newToken">A random token, for the case that one is to be issued.</param>
    /// <param name="now">The current time.</param>
    public static SessionDecision Use(SessionState state, Sha256Digest token, byte[] newToken, DateTimeOffset now)
    {
        if (IsExpired(state, now)) return new(SessionOutcome.Expired, state);
        if (IsToken(state.Token, token))
        {
            return state.UsedAt + SessionLimits.TokenAge <= now
                ? new(SessionOutcome.Accepted, state with { UsedAt = now, NextToken = state.NextToken ?? newToken })
                : new(SessionOutcome.Accepted, state);
        }

        if (state.NextToken is { } next && IsToken(Sha256Digest.Compute(next).ToArray(), token))
            return new(SessionOutcome.Accepted, Replace(state, token, now));
        return state.ReplacedToken is { } replaced && IsToken(replaced, token) && now < state.ReplacedTokenUntil
            ? new(SessionOutcome.Accepted, state)
            : new(SessionOutcome.Reused, state);
    }

    private static SessionState Replace(SessionState state, Sha256Digest token, DateTimeOffset now) => state with
    {
        Token = token.ToArray(),
        NextToken = null,
        ReplacedToken = state.Token,
        ReplacedTokenUntil = now + SessionLimits.ReplacedTokenGrace,
        UsedAt = now,
    };

    private static bool IsToken(byte[] digest, Sha256Digest token) =>
        CryptographicOperations.FixedTimeEquals(digest, token.ToArray());
}

using KeysCluster.Security;

namespace KeysCluster.Sessions;

/// <summary>
/// A session of the console. The grain key is derived from the id of the session, which only its cookie has, so that an
/// id in a log opens nothing. Source: docs/adr/0028-console.md.
/// </summary>
[Alias("KeysCluster.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Starts the session.</summary>
    /// <exception cref="ArgumentException">The credential is too long.</exception>
    [Alias("Start"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task Start(StartSessionCommand command);

    /// <summary>
    /// Uses the session. A token that was replaced more than <see cref="SessionLimits.ReplacedTokenGrace"/> ago ends
    /// it: a copy of it is in use.
    /// </summary>
    /// <param name="token">The digest of the presented token.</param>
    [Alias("Use"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<SessionUse> Use(Sha256Digest token);

    /// <summary>Ends the session, for whoever presents one of its tokens.</summary>
    /// <param name="token">The digest of the presented token.</param>
    [Alias("End"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task End(Sha256Digest token);
}

namespace KeysCluster.Api.Tls;

/// <summary>Configures how requests may reach a host.</summary>
internal sealed class TransportOptions
{
    /// <summary>
    /// Whether credentials are accepted over plain HTTP from other machines (<c>Api:AllowPlaintext</c>). Anybody on the
    /// way can read them then. Requests from this machine, and those that a trusted proxy received over HTTPS, are
    /// accepted in any case.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowPlaintext { get; set; }
}

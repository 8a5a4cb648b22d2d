namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>A silo, a front end, or a proxy in front of front ends.</summary>
/// <param name="Name">The name in the history.</param>
/// <param name="Address">The address of the REST API.</param>
/// <param name="ValidatorAddress">The address at which its validator can be called without REST; or null.</param>
internal sealed record CallTarget(string Name, Uri Address, Uri? ValidatorAddress = null)
{
    /// <summary>The name of the proxy.</summary>
    public const string ProxyName = "haproxy";

    /// <summary>What the names of the front ends begin with. The proxy forwards to them.</summary>
    public const string FrontEndPrefix = "front-end-";
}

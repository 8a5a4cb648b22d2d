namespace KeysCluster.Security;

/// <summary>
/// What a process of the cluster may do. Its certificate proves the role by a URI among the subject alternative names.
/// </summary>
public enum ClusterRole
{
    /// <summary><c>urn:keyscluster:silo</c>: hosts grains, and may call everything.</summary>
    Silo,

    /// <summary><c>urn:keyscluster:front-end</c>: serves the REST API, and may call what the API needs.</summary>
    FrontEnd,

    /// <summary><c>urn:keyscluster:validator</c>: validates, holds a lease, and reports uses. Nothing else.</summary>
    Validator,
}

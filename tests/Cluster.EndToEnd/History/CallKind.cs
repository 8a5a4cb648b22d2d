namespace KeysCluster.Cluster.EndToEnd.History;

internal enum CallKind
{
    Create,
    Rotate,
    Validate,

    /// <summary>A call with an API key, of which only the authentication is judged.</summary>
    Authenticate,
    ExpireOne,
    ExpireAll,
    ChangeDeadline,

    /// <summary>Sets or clears <c>expires_at</c>.</summary>
    Update,
    Revoke,
    Disable,
    Enable,
    Read,

    /// <summary>A key in a list, or its absence from it.</summary>
    List,
}

namespace KeysCluster.Cluster.EndToEnd.History;

internal enum CallKind
{
    Create,
    Rotate,
    Validate,

    /// <summary>A call with an API key, of which only the authentication is checked.</summary>
    Authenticate,
    ExpireOne,
    ExpireAll,
    ChangeDeadline,

    /// <summary>Validates a virtual key of a project without REST, of which only the project is checked.</summary>
    ValidateMember,

    /// <summary>Sets or clears <c>expires_at</c>.</summary>
    Update,

    /// <summary>Gives a virtual key its permission, or takes it away.</summary>
    SetPermission,
    Revoke,
    Disable,
    Enable,
    Read,

    /// <summary>A key in a list, or its absence from it.</summary>
    List,

    /// <summary>The message of a webhook. Only violations contain such calls.</summary>
    Deliver,
}

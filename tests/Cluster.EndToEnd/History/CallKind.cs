namespace KeysCluster.Cluster.EndToEnd.History;

internal enum CallKind
{
    Create,
    Rotate,
    Validate,
    ExpireOne,
    ExpireAll,
    Revoke,
    Disable,
    Enable,
    Read,
}

namespace KeysCluster.Cluster.Node;

/// <summary>The direction of bytes on a connection, as this process sees it.</summary>
internal enum PeerDirection
{
    Send,
    Receive,
}

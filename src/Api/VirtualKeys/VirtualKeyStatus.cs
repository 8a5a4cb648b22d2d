namespace KeysCluster.Api.VirtualKeys;

/// <summary>The status of a virtual key. A disabled key is active and has a <c>disabled_at</c>.</summary>
internal enum VirtualKeyStatus
{
    // The contract has these two values. A third one would break clients that are generated from it.
    Active,
    Revoked,
}

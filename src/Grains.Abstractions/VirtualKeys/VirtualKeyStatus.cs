namespace KeysCluster.VirtualKeys;

/// <summary>The status of a virtual key. An expired key keeps its status.</summary>
[GenerateSerializer, Alias("KeysCluster.VirtualKeyStatus")]
public enum VirtualKeyStatus
{
    /// <summary>Neither disabled nor revoked.</summary>
    Active,

    /// <summary>Disabled, and can be enabled again.</summary>
    Disabled,

    /// <summary>Revoked, which is final.</summary>
    Revoked,
}

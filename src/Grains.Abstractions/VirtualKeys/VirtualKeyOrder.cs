namespace KeysCluster.VirtualKeys;

/// <summary>The order of a list of virtual keys. Equal keys are sorted by id.</summary>
[GenerateSerializer, Alias("KeysCluster.VirtualKeyOrder")]
public enum VirtualKeyOrder
{
    /// <summary>Newest first.</summary>
    CreatedAt,

    /// <summary>By name, character by character.</summary>
    Name,

    /// <summary>Earliest expiry first.</summary>
    ExpiresAt,

    /// <summary>By the latest deadline of the retiring secrets, earliest first.</summary>
    RetiringUntil,
}

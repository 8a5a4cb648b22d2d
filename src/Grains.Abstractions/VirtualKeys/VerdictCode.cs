namespace KeysCluster.VirtualKeys;

/// <summary>Why a secret is valid or invalid.</summary>
[GenerateSerializer, Alias("KeysCluster.VerdictCode")]
public enum VerdictCode
{
    /// <summary>Valid: the current secret of an active key.</summary>
    Active = 0,

    /// <summary>Valid until its deadline: a replaced secret inside its grace period.</summary>
    Retiring = 1,

    /// <summary>Invalid: the key is revoked.</summary>
    Revoked = 2,

    /// <summary>
    /// Invalid: a replaced secret past its deadline. Once its hash is erased the verdict is <see cref="NotFound"/>.
    /// </summary>
    ExpiredSecret = 3,

    /// <summary>Invalid: no key has this secret.</summary>
    NotFound = 4,

    /// <summary>Invalid: the text is not in the format of a secret.</summary>
    Malformed = 5,

    /// <summary>Invalid for now: the key is disabled and can be enabled again.</summary>
    Disabled = 6,

    /// <summary>Invalid: the key is past its own expiry, which can be extended.</summary>
    Expired = 7,

    /// <summary>
    /// Undetermined: the silo has no valid lease, or storage does not answer. This is not a verdict on the secret;
    /// refuse the request and retry. Over REST it is <c>503 validation_unavailable</c>.
    /// </summary>
    Unavailable = 8,

    /// <summary>
    /// Refused: the secret is valid, but the key lacks a required permission, which can be added to it.
    /// </summary>
    InsufficientPermissions = 9,

    /// <summary>
    /// Refused: the secret is valid, but the key may not be used from this address, or the address is unknown.
    /// </summary>
    IpNotAllowed = 10,

    /// <summary>Refused: the secret is valid, but the project of the key is disabled or archived.</summary>
    ProjectDisabled = 11,
}

namespace KeysCluster.VirtualKeys;

/// <summary>
/// The limits of what a virtual key carries. Characters are Unicode code points. A grain refuses a command beyond the
/// limits with an <see cref="ArgumentException"/>, unless a limit says otherwise.
/// </summary>
public static class VirtualKeyLimits
{
    /// <summary>
    /// The maximum size of all texts of a key together, without <c>config</c>, in bytes of JSON. Quotes and backslashes
    /// take two bytes, emojis twelve, other characters what they take in UTF-8. Beyond it, the outcome of a change is
    /// <see cref="ChangeOutcome.TextTooLong"/>.
    /// </summary>
    public const int MaxTextBytes = 8192;

    /// <summary>
    /// The maximum size of <c>config</c>, in bytes of UTF-8. Beyond it, the outcome of a change is
    /// <see cref="ChangeOutcome.ConfigTooLong"/>.
    /// </summary>
    public const int MaxConfigBytes = 16384;

    /// <summary>The maximum number of characters of the name.</summary>
    public const int MaxNameLength = 128;

    /// <summary>The maximum number of characters of the description.</summary>
    public const int MaxDescriptionLength = 4000;

    /// <summary>The maximum number of characters of the id of the user that the key represents.</summary>
    public const int MaxPrincipalUserIdLength = 255;

    /// <summary>The maximum number of ids of provider credentials.</summary>
    public const int MaxProviderCredentials = 100;

    /// <summary>The maximum number of characters of the id of a provider credential.</summary>
    public const int MaxProviderCredentialIdLength = 255;

    /// <summary>The maximum number of characters of the reason for which the key is disabled.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>The maximum number of characters of the external id.</summary>
    public const int MaxExternalIdLength = 128;

    /// <summary>The maximum number of entries of the metadata.</summary>
    public const int MaxMetadataEntries = 40;

    /// <summary>The maximum number of characters of a key of the metadata.</summary>
    public const int MaxMetadataKeyLength = 64;

    /// <summary>The maximum number of characters of a value of the metadata.</summary>
    public const int MaxMetadataValueLength = 500;
}

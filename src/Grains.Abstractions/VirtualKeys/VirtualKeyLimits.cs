namespace KeysCluster.VirtualKeys;

/// <summary>
/// The limits of what a virtual key carries. Callers of grains validate them, unless a limit says otherwise.
/// </summary>
public static class VirtualKeyLimits
{
    /// <summary>
    /// The maximum size of all texts of a key together, without <c>config</c>, in bytes of JSON. Quotes and backslashes
    /// take two bytes, emojis twelve, other characters what they take in UTF-8. The grain checks it.
    /// </summary>
    public const int MaxTextBytes = 8192;

    /// <summary>The maximum size of <c>config</c>, in bytes of UTF-8. The grain checks it.</summary>
    public const int MaxConfigBytes = 16384;

    /// <summary>The maximum number of characters of the external id.</summary>
    public const int MaxExternalIdLength = 128;

    /// <summary>The maximum number of entries of the metadata.</summary>
    public const int MaxMetadataEntries = 40;

    /// <summary>The maximum number of characters of a key of the metadata.</summary>
    public const int MaxMetadataKeyLength = 64;

    /// <summary>The maximum number of characters of a value of the metadata.</summary>
    public const int MaxMetadataValueLength = 500;
}

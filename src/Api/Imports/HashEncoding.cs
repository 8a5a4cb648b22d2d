namespace KeysCluster.Api.Imports;

/// <summary>How the bytes of a hash are written.</summary>
internal enum HashEncoding
{
    Hex,

    /// <summary>In either alphabet; padding is optional.</summary>
    Base64,
}

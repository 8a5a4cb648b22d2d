namespace KeysCluster.Api.Authentication;

/// <summary>The settings of one named admin key, as they are configured.</summary>
/// <param name="Name">The name.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="NotAfter">The last moment at which the key is accepted, in ISO 8601; null for no end.</param>
/// <param name="HasUnknownSetting">Whether the key has a setting other than these.</param>
internal sealed record NamedAdminKeyOptions(
    string Name, string? Digest, string? NotAfter = null, bool HasUnknownSetting = false)
{
    /// <summary>Contains neither the digest nor a key that was set by mistake.</summary>
    public override string ToString() => "(admin key)";
}

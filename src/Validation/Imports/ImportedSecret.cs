using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Imports;

/// <summary>A presented secret of another system, with the virtual key that it belongs to.</summary>
internal sealed class ImportedSecret(VirtualKeyId key, PresentedSecret presented)
{
    public VirtualKeyId Key => key;

    /// <summary>The key of the cache entry.</summary>
    public string Owner { get; } = key.ToString();

    public PresentedSecret Presented => presented;
}

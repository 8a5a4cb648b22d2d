using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// A new secret of a virtual key whose environment the caller does not know. Both variants have the same random part.
/// The grain stores the hash of the one that fits the key, so a rotation takes a single grain call.
/// </summary>
/// <param name="Live">The variant for the live environment.</param>
/// <param name="Test">The variant for the test environment.</param>
public readonly record struct MintedVirtualKeySecret(Secret Live, Secret Test)
{
    /// <summary>Creates a new secret of a virtual key.</summary>
    public static MintedVirtualKeySecret Mint(VirtualKeyId id)
    {
        var live = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live);
        return new(live, live.WithPrefix(VirtualKeySecret.TestPrefix));
    }

    /// <summary>Returns the variant that the grain stored.</summary>
    /// <param name="key">The key after the rotation.</param>
    public Secret Select(VirtualKey key) => key.Environment == VirtualKeyEnvironment.Test ? Test : Live;

    /// <summary>Returns the display prefix of the live variant, never a secret.</summary>
    public override string ToString() => Live.ToString();
}

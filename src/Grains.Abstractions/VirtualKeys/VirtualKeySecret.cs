using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>The secrets of virtual keys: <c>vk-lw-live_…</c> and <c>vk-lw-test_…</c>.</summary>
public static class VirtualKeySecret
{
    internal const string LivePrefix = "vk-lw-live_";
    internal const string TestPrefix = "vk-lw-test_";

    /// <summary>Creates a new secret of a virtual key.</summary>
    public static Secret Mint(VirtualKeyId id, VirtualKeyEnvironment environment) => Secret.Mint(
        environment == VirtualKeyEnvironment.Live ? LivePrefix : TestPrefix, id.UlidText);

    /// <summary>Parses a presented secret; false when the text is not in the format of one.</summary>
    public static bool TryParse(string? text, out Secret secret) =>
        Secret.TryParse(text, LivePrefix, out secret) || Secret.TryParse(text, TestPrefix, out secret);
}

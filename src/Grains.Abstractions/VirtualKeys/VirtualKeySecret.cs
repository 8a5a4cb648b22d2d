using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>The secrets of virtual keys: <c>vk-lw-live_…</c> and <c>vk-lw-test_…</c>.</summary>
public static class VirtualKeySecret
{
    private const string LivePrefix = "vk-lw-live_";
    private const string TestPrefix = "vk-lw-test_";

    /// <summary>Makes a new secret for a virtual key.</summary>
    public static Secret Mint(VirtualKeyId id, VirtualKeyEnvironment environment) => Secret.Mint(
        environment == VirtualKeyEnvironment.Live ? LivePrefix : TestPrefix, id.UlidText);

    /// <summary>Reads a presented secret; false when it cannot be one.</summary>
    public static bool TryParse(string? text, out Secret secret) =>
        Secret.TryParse(text, LivePrefix, out secret) || Secret.TryParse(text, TestPrefix, out secret);
}

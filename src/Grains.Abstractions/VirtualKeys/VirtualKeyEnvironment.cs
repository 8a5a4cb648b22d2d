namespace KeysCluster.VirtualKeys;

/// <summary>
/// The environment of a virtual key. It is set at creation and is visible in the prefix of its secrets.
/// </summary>
[GenerateSerializer, Alias("KeysCluster.VirtualKeyEnvironment")]
public enum VirtualKeyEnvironment
{
    /// <summary>Production; secrets begin with <c>vk-lw-live_</c>.</summary>
    Live = 0,

    /// <summary>Test; secrets begin with <c>vk-lw-test_</c>.</summary>
    Test = 1,
}

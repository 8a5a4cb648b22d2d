namespace KeysCluster.VirtualKeys;

/// <summary>What a virtual key is for; fixed at its creation and visible in its secrets.</summary>
[GenerateSerializer, Alias("KeysCluster.VirtualKeyEnvironment")]
public enum VirtualKeyEnvironment
{
    /// <summary>Production use; secrets begin with <c>vk-lw-live_</c>.</summary>
    Live = 0,

    /// <summary>Trial use; secrets begin with <c>vk-lw-test_</c>.</summary>
    Test = 1,
}

namespace KeysCluster.VirtualKeys;

/// <summary>References to the grains of virtual keys by typed id.</summary>
public static class VirtualKeyGrainFactoryExtensions
{
    private static readonly GrainType Type = GrainType.Create(GrainTypeNames.VirtualKey);
    private static readonly GrainInterfaceType Interface =
        GrainInterfaceType.Create(GrainTypeNames.VirtualKeyInterface);

    /// <summary>Returns the grain of a virtual key. The reference is valid whether or not the key exists.</summary>
    public static IVirtualKeyGrain GetVirtualKeyGrain(this IGrainFactory grains, VirtualKeyId id) =>
        (IVirtualKeyGrain)grains.GetGrain(Type, IdSpan.Create(id.ToString()), Interface);
}

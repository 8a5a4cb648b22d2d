using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster;

/// <summary>
/// Grain references by typed id. Orleans' own <c>GetGrain&lt;T&gt;</c> returns the same references, but reads the
/// attributes of <c>T</c> by reflection on each call, which takes longer than a cached validation.
/// </summary>
public static class GrainFactoryExtensions
{
    private static readonly GrainType VirtualKeyType = GrainType.Create(GrainTypeNames.VirtualKey);
    private static readonly GrainType ProjectType = GrainType.Create(GrainTypeNames.Project);
    private static readonly GrainType ValidationType = GrainType.Create(GrainTypeNames.Validation);
    private static readonly GrainInterfaceType VirtualKeyInterface =
        GrainInterfaceType.Create(GrainTypeNames.VirtualKeyInterface);

    private static readonly GrainInterfaceType ProjectInterface =
        GrainInterfaceType.Create(GrainTypeNames.ProjectInterface);

    private static readonly GrainInterfaceType ValidationInterface =
        GrainInterfaceType.Create(GrainTypeNames.ValidationInterface);

    /// <summary>Returns the grain of a virtual key. The reference is valid whether or not the key exists.</summary>
    public static IVirtualKeyGrain GetVirtualKeyGrain(this IGrainFactory grains, VirtualKeyId id) =>
        (IVirtualKeyGrain)Get(grains, VirtualKeyType, IdSpan.Create(id.ToString()), VirtualKeyInterface);

    /// <summary>Returns the grain of a project. The reference is valid whether or not the project exists.</summary>
    public static IProjectGrain GetProjectGrain(this IGrainFactory grains, ProjectId id) =>
        (IProjectGrain)Get(grains, ProjectType, IdSpan.Create(id.ToString()), ProjectInterface);

    /// <summary>Returns a stateless worker that validates on the silo that the call reaches.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="workerKey">Any number. Different numbers are likely to reach different silos.</param>
    public static IValidationGrain GetValidationGrain(this IGrainFactory grains, int workerKey) =>
        (IValidationGrain)Get(
            grains, ValidationType, GrainIdKeyExtensions.CreateIntegerKey(workerKey), ValidationInterface);

    private static IAddressable Get(IGrainFactory grains, GrainType type, IdSpan key, GrainInterfaceType contract)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain(GrainId.Create(type, key), contract);
    }
}

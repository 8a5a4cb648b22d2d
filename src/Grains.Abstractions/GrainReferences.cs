using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster;

/// <summary>
/// References to grains by typed ids. They are what Orleans' <c>GetGrain&lt;T&gt;</c> gives, which looks at the attributes of
/// <c>T</c> by reflection at each call and so takes longer than a whole validation.
/// </summary>
public static class GrainReferences
{
    private static readonly GrainType VirtualKeyType = GrainType.Create(GrainTypes.VirtualKey);
    private static readonly GrainType ProjectType = GrainType.Create(GrainTypes.Project);
    private static readonly GrainType ValidationType = GrainType.Create(GrainTypes.Validation);
    private static readonly GrainInterfaceType VirtualKeyInterface = GrainInterfaceType.Create(GrainTypes.VirtualKeyInterface);
    private static readonly GrainInterfaceType ProjectInterface = GrainInterfaceType.Create(GrainTypes.ProjectInterface);
    private static readonly GrainInterfaceType ValidationInterface = GrainInterfaceType.Create(GrainTypes.ValidationInterface);

    /// <summary>The grain of a virtual key, whether or not there is one with this id.</summary>
    public static IVirtualKeyGrain GetVirtualKey(this IGrainFactory grains, VirtualKeyId id) =>
        (IVirtualKeyGrain)Get(grains, VirtualKeyType, IdSpan.Create(id.ToString()), VirtualKeyInterface);

    /// <summary>The grain of a project, whether or not there is one with this id.</summary>
    public static IProjectGrain GetProject(this IGrainFactory grains, ProjectId id) =>
        (IProjectGrain)Get(grains, ProjectType, IdSpan.Create(id.ToString()), ProjectInterface);

    /// <summary>The grain that validates on whichever silo the call reaches.</summary>
    internal static IValidationGrain GetValidation(this IGrainFactory grains, int number) =>
        (IValidationGrain)Get(grains, ValidationType, GrainIdKeyExtensions.CreateIntegerKey(number), ValidationInterface);

    private static IAddressable Get(IGrainFactory grains, GrainType type, IdSpan key, GrainInterfaceType contract)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain(GrainId.Create(type, key), contract);
    }
}

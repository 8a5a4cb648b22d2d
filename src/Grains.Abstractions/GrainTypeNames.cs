namespace KeysCluster;

/// <summary>
/// Names of grain types and grain interfaces. They are persisted (reminder rows) and sent between processes of
/// different versions, so they never change, even when a CLR type moves.
/// </summary>
public static class GrainTypeNames
{
    /// <summary>The grain type of virtual keys.</summary>
    public const string VirtualKey = "vk";

    /// <summary>The grain type of projects.</summary>
    public const string Project = "project";

    /// <summary>The grain type of the validation workers.</summary>
    public const string Validation = "validation";

    /// <summary>The interface of <see cref="VirtualKeys.IVirtualKeyGrain"/>.</summary>
    public const string VirtualKeyInterface = "KeysCluster.VirtualKeys.IVirtualKeyGrain";

    /// <summary>The interface of <see cref="Projects.IProjectGrain"/>.</summary>
    public const string ProjectInterface = "KeysCluster.Projects.IProjectGrain";

    /// <summary>
    /// The interface of <see cref="KeysCluster.Validation.IValidationGrain"/>. The name is that of the namespace in
    /// which the interface was first declared.
    /// </summary>
    public const string ValidationInterface = "KeysCluster.VirtualKeys.IValidationGrain";
}

namespace KeysCluster.Projects;

/// <summary>References to the grains of projects by typed id.</summary>
public static class ProjectGrainFactoryExtensions
{
    private static readonly GrainType Type = GrainType.Create(GrainTypeNames.Project);
    private static readonly GrainInterfaceType Interface = GrainInterfaceType.Create(GrainTypeNames.ProjectInterface);

    /// <summary>Returns the grain of a project. The reference is valid whether or not the project exists.</summary>
    public static IProjectGrain GetProjectGrain(this IGrainFactory grains, ProjectId id) =>
        (IProjectGrain)grains.GetGrain(Type, IdSpan.Create(id.ToString()), Interface);
}

namespace KeysCluster.Projects;

/// <summary>Lists projects from the storage index, without waking their grains; the grain's key has no meaning.</summary>
[Alias("KeysCluster.IProjectListGrain")]
public interface IProjectListGrain : IGrainWithIntegerKey
{
    /// <summary>A page of projects, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="limit">How many projects at most, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("List"), SafeToRepeat]
    Task<ProjectPage> List(int page, int limit);
}

/// <summary>A page of projects.</summary>
/// <param name="Projects">The projects of this page.</param>
/// <param name="Total">How many there are on all pages.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectPage")]
public sealed record ProjectPage(
    [property: Id(0)] IReadOnlyList<Project> Projects,
    [property: Id(1)] long Total);

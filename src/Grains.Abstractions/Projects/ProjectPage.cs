namespace KeysCluster.Projects;

/// <summary>A page of projects.</summary>
/// <param name="Projects">The projects of this page.</param>
/// <param name="Total">The number of projects on all pages.</param>
/// <param name="Next">The position after which the next page begins; null on the last page.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectPage")]
public sealed record ProjectPage(
    [property: Id(0)] IReadOnlyList<Project> Projects,
    [property: Id(1)] long Total,
    [property: Id(2)] ProjectPosition? Next = null);

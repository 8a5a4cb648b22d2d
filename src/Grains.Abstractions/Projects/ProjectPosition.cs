namespace KeysCluster.Projects;

/// <summary>The position of a project in a list.</summary>
/// <param name="CreatedAt">The creation time of the project.</param>
/// <param name="Id">The id of the project.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectPosition")]
public sealed record ProjectPosition([property: Id(0)] DateTimeOffset CreatedAt, [property: Id(1)] ProjectId Id);

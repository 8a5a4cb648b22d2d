using KeysCluster.Projects;

namespace KeysCluster;

/// <summary>The identity on whose behalf a grain is called.</summary>
/// <param name="Project">
/// The project that limits the call: resources of other projects are reported as not found.
/// </param>
/// <param name="Actor">The audit identity: the display prefix of a project API key, or <c>admin</c>.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.Caller")]
public readonly record struct Caller(
    [property: Id(0)] ProjectId Project,
    [property: Id(1)] string Actor);

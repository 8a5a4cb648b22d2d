using KeysCluster.Projects;

namespace KeysCluster;

/// <summary>On whose behalf a grain is called.</summary>
/// <param name="Project">The project the call is confined to: what belongs to another one does not exist for it.</param>
/// <param name="Actor">Who asked, for the audit trail: the display prefix of a project API key, or <c>admin</c>.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.Caller")]
public readonly record struct Caller(
    [property: Id(0)] ProjectId Project,
    [property: Id(1)] string Actor);

namespace KeysCluster;

/// <summary>The identity on whose behalf a grain is called. Events record it.</summary>
/// <param name="Project">
/// The project that limits the call: resources of other projects are reported as not found.
/// </param>
/// <param name="Actor">
/// The name of the actor in events: the display prefix of a project API key, <c>admin</c>, or the name of a person or
/// of a service.
/// </param>
/// <param name="Origin">
/// Where the call comes from; null for a service that calls the grain directly (<see cref="ActorKind.Service"/>).
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.Caller")]
public readonly record struct Caller(
    [property: Id(0)] ProjectId Project,
    [property: Id(1)] string Actor,
    [property: Id(2)] RequestOrigin? Origin = null);

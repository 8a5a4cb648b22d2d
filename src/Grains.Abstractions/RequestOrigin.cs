namespace KeysCluster;

/// <summary>Where a change comes from, as the event of the change records it.</summary>
/// <param name="Kind">The kind of the actor.</param>
/// <param name="ActorId">The id of the actor, such as that of an API key; null when it has none.</param>
/// <param name="RequestId">The id of the request, 1 to 64 characters; null when there is none.</param>
/// <param name="SourceAddress">The address from which the request came, at most 64 characters; null if unknown.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.RequestOrigin")]
public sealed record RequestOrigin(
    [property: Id(0)] ActorKind Kind,
    [property: Id(1)] string? ActorId = null,
    [property: Id(2)] string? RequestId = null,
    [property: Id(3)] string? SourceAddress = null)
{
    /// <summary>
    /// What a person (<see cref="ActorKind.User"/>) may do, who gives API keys no more than that; null for others.
    /// </summary>
    [Id(4)] public IReadOnlyList<string>? Permissions { get; init; }
}

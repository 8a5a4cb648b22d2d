namespace KeysCluster.VirtualKeys;

/// <summary>
/// The position of a key in the list of its project, which is ordered by creation time and then by id.
/// </summary>
/// <param name="CreatedAt">The creation time of the key.</param>
/// <param name="Id">The id of the key.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyPosition")]
public sealed record VirtualKeyPosition(
    [property: Id(0)] DateTimeOffset CreatedAt,
    [property: Id(1)] VirtualKeyId Id);

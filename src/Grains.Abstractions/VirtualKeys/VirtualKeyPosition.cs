namespace KeysCluster.VirtualKeys;

/// <summary>The position of a key in a list.</summary>
/// <param name="CreatedAt">The creation time of the key.</param>
/// <param name="Id">The id of the key.</param>
/// <param name="Order">The order of the list.</param>
/// <param name="SortText">What the list is sorted by, as text; null when it is the creation time.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyPosition")]
public sealed record VirtualKeyPosition(
    [property: Id(0)] DateTimeOffset CreatedAt,
    [property: Id(1)] VirtualKeyId Id,
    [property: Id(2)] VirtualKeyOrder Order = VirtualKeyOrder.CreatedAt,
    [property: Id(3)] string? SortText = null);

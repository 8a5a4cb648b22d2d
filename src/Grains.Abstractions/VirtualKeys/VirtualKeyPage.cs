namespace KeysCluster.VirtualKeys;

/// <summary>A page of virtual keys.</summary>
/// <param name="Keys">The keys of this page.</param>
/// <param name="Next">The position after which the next page begins; null on the last page.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyPage")]
public sealed record VirtualKeyPage(
    [property: Id(0)] IReadOnlyList<VirtualKey> Keys,
    [property: Id(1)] VirtualKeyPosition? Next);

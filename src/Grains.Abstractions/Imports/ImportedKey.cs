using KeysCluster.VirtualKeys;

namespace KeysCluster.Imports;

/// <summary>The virtual key that an imported secret belongs to.</summary>
/// <param name="Id">The id of the key.</param>
/// <param name="Project">The project of the key.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ImportedKey")]
public sealed record ImportedKey([property: Id(0)] VirtualKeyId Id, [property: Id(1)] ProjectId Project);

using KeysCluster.VirtualKeys;

namespace KeysCluster.Imports;

/// <summary>Imports a key of another system.</summary>
/// <param name="Id">The id of the virtual key, if it is created.</param>
/// <param name="Scheme">The name of the hash scheme of the other system.</param>
/// <param name="Key">
/// The members of the virtual key. The digest of its secret is that of <see cref="HashScheme.ToDigest"/>.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ImportKey")]
public sealed record ImportKeyCommand(
    [property: Id(0)] VirtualKeyId Id,
    [property: Id(1)] string Scheme,
    [property: Id(2)] CreateVirtualKeyCommand Key);

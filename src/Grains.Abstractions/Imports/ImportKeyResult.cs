using KeysCluster.VirtualKeys;

namespace KeysCluster.Imports;

/// <summary>The result of the import of a key.</summary>
/// <param name="Outcome">
/// Done; already exists if the project has a key with this secret; or why the key was refused: secret taken, hash
/// scheme unknown, expiry in the past, text too long, external id taken, too many virtual keys.
/// </param>
/// <param name="Id">The id of the virtual key with the secret; null if the key was refused.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ImportKeyResult")]
public sealed record ImportKeyResult(
    [property: Id(0)] ChangeOutcome Outcome, [property: Id(1)] VirtualKeyId? Id = null);

namespace KeysCluster.VirtualKeys;

/// <summary>The result of a change of a virtual key.</summary>
/// <param name="Outcome">Whether the change was carried out, or why not.</param>
/// <param name="Key">The key after the call; null when there is none for this caller.</param>
/// <param name="SealedSecret">
/// The secret as its first caller sealed it, when the outcome is <see cref="ChangeOutcome.Replayed"/>.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyResult")]
public sealed record VirtualKeyResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] VirtualKey? Key,
    [property: Id(2)] byte[]? SealedSecret = null);

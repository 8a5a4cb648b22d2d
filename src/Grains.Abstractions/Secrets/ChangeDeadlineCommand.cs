namespace KeysCluster.Secrets;

/// <summary>Extends or shortens the grace period of a retiring secret.</summary>
/// <param name="Caller">The identity on whose behalf the deadline is changed.</param>
/// <param name="Secret">The retiring secret.</param>
/// <param name="ValidUntil">
/// The new deadline: later than now, at most <see cref="GracePeriod.Maximum"/> ahead, and not later than the key's
/// expiry.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.MoveDeadline")]
public sealed record ChangeDeadlineCommand(
    [property: Id(0)] Caller Caller,
    [property: Id(1)] SecretId Secret,
    [property: Id(2)] DateTimeOffset ValidUntil);

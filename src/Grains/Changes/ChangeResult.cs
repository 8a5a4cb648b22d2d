using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.SecretHolders;

namespace KeysCluster.Grains.Changes;

/// <summary>The result of a change.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="State">The state after the change; null when there is none.</param>
/// <param name="DecidedAt">The time as of which the change was decided.</param>
/// <param name="Replayed">
/// The record of the original request, when the outcome is <see cref="ChangeOutcome.Replayed"/>.
/// </param>
/// <param name="SealedSecret">The secret as its first caller sealed it, when the request was replayed.</param>
internal readonly record struct ChangeResult<TState>(
    ChangeOutcome Outcome,
    TState? State,
    DateTimeOffset DecidedAt,
    IdempotencyRecord? Replayed = null,
    byte[]? SealedSecret = null)
    where TState : SecretHolderState;

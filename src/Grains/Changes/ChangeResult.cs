using KeysCluster.Grains.SecretHolders;

namespace KeysCluster.Grains.Changes;

/// <summary>The result of a change.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="State">The state after the change; null when there is none.</param>
/// <param name="DecidedAt">The time as of which the change was decided.</param>
/// <param name="SealedSecret">The secret as its first caller sealed it, when the request was replayed.</param>
internal readonly record struct ChangeResult<TState>(
    ChangeOutcome Outcome, TState? State, DateTimeOffset DecidedAt, byte[]? SealedSecret = null)
    where TState : SecretHolderState;

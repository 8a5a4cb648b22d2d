namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The decision of a rule: the outcome of a command, and the state after it. The state is the same instance when the
/// command changes nothing, and null when there is none.
/// </summary>
internal readonly record struct Decision<TState>(ChangeOutcome Outcome, TState? State)
    where TState : SecretHolderState;

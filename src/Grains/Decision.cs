namespace KeysCluster.Grains;

/// <summary>What a rule made of a command: how it ended, and the state that stands after it.</summary>
internal readonly record struct Decision<TState>(ChangeOutcome Outcome, TState State);

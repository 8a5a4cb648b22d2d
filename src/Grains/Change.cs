namespace KeysCluster.Grains;

/// <summary>The last change of a state; storage copies it to the audit trail in the transaction that writes the state.</summary>
internal sealed record Change(string Action, string Actor, DateTimeOffset At);

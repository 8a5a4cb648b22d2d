namespace KeysCluster.Client;

internal sealed record ReasonBody(string? Reason);

namespace KeysCluster.Client;

internal sealed record DeadlineBody(DateTimeOffset ValidUntil);

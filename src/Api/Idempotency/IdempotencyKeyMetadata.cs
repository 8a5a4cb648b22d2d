namespace KeysCluster.Api.Idempotency;

/// <summary>Endpoint metadata: the endpoint accepts an <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyKeyMetadata;

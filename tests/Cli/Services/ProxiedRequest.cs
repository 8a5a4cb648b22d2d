namespace KeysCluster.Cli.Tests.Services;

/// <summary>A request that a proxy has received.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="IdempotencyKey">The <c>Idempotency-Key</c>; null if there is none.</param>
internal sealed record ProxiedRequest(string Method, string Path, string? IdempotencyKey);

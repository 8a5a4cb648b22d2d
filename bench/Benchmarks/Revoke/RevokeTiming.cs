namespace KeysCluster.Benchmarks.Revoke;

/// <summary>The time of one revocation.</summary>
/// <param name="Milliseconds">The time from the first request until the response of 200.</param>
/// <param name="Retries">The number of retries after a 503.</param>
internal readonly record struct RevokeTiming(double Milliseconds, int Retries);

using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits verdicts that refuse a secret per API key (<see cref="RateLimitOptions.InvalidVerificationsPerSecond"/>).
/// </summary>
internal sealed class InvalidVerificationLimiter(IOptions<RateLimitOptions> options) : FailureLimiter<string>(
    "invalid-verification", BurstSeconds * options.Value.InvalidVerificationsPerSecond,
    TimeSpan.FromSeconds(BurstSeconds))
{
    private const int BurstSeconds = 2;
}

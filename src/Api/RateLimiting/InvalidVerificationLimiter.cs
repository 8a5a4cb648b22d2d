using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits verdicts that refuse a secret per API key (<see cref="RateLimitOptions.InvalidVerificationsPerSecond"/>).
/// </summary>
internal sealed class InvalidVerificationLimiter(IOptions<RateLimitOptions> options, RateLimitMetrics metrics)
    : FailureLimiter<string>(
        Name,
        BurstSeconds * options.Value.InvalidVerificationsPerSecond,
        TimeSpan.FromSeconds(BurstSeconds),
        metrics)
{
    public const string Name = "invalid-verification";

    private const int BurstSeconds = 2;
}

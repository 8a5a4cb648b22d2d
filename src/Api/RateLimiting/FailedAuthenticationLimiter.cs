using System.Net;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits failed authentications per network of clients (<see cref="RateLimitOptions.FailedAuthenticationsPerMinute"/>)
/// </summary>
internal sealed class FailedAuthenticationLimiter(IOptions<RateLimitOptions> options, RateLimitMetrics metrics)
    : FailureLimiter<IPAddress>(
        Name, options.Value.FailedAuthenticationsPerMinute, TimeSpan.FromMinutes(1), metrics)
{
    public const string Name = "failed-authentication";
}

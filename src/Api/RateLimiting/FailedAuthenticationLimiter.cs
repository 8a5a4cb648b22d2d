using System.Net;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits failed authentications per network of clients (<see cref="RateLimitOptions.FailedAuthenticationsPerMinute"/>)
/// </summary>
internal sealed class FailedAuthenticationLimiter(IOptions<RateLimitOptions> options) : FailureLimiter<IPAddress>(
    "failed-authentication", options.Value.FailedAuthenticationsPerMinute, TimeSpan.FromMinutes(1));

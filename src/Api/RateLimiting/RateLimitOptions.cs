using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.RateLimiting;

/// <summary>Configures the limits of a host. Each host counts on its own.</summary>
internal sealed class RateLimitOptions
{
    private const int MaxRate = 1_000_000;

    /// <summary>
    /// Requests per second and project, except <c>verify</c> (<c>Api:RequestsPerSecond</c>): 1 to 1,000,000. Twice as
    /// many are allowed in a burst. Calls that end the use of a key have the same limit again, for themselves.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:RequestsPerSecond must be between 1 and 1000000.")]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>
    /// Calls of <c>verify</c> per second and API key (<c>Api:VerificationsPerSecond</c>): 1 to 1,000,000. Twice as many
    /// are allowed in a burst.
    /// </summary>
    /// <value>The default is 20,000.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:VerificationsPerSecond must be between 1 and 1000000.")]
    public int VerificationsPerSecond { get; set; } = 20_000;

    /// <summary>
    /// Verdicts per second and API key that refuse a secret (<c>Api:InvalidVerificationsPerSecond</c>): 1 to 1,000,000.
    /// Twice as many are allowed in a burst. Beyond them, only cached secrets are verified.
    /// </summary>
    /// <value>The default is 500.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:InvalidVerificationsPerSecond must be between 1 and 1000000.")]
    public int InvalidVerificationsPerSecond { get; set; } = 500;

    /// <summary>
    /// Failed authentications per minute and client address (<c>Api:FailedAuthenticationsPerMinute</c>): 1 to
    /// 1,000,000, as many of them in a burst. Beyond them, only cached API keys of the address are accepted.
    /// </summary>
    /// <value>The default is 60.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:FailedAuthenticationsPerMinute must be between 1 and 1000000.")]
    public int FailedAuthenticationsPerMinute { get; set; } = 60;

    /// <summary>
    /// Requests of one client address that are processed at the same time
    /// (<c>Api:MaxConcurrentRequestsPerAddress</c>): 1 to 1,000,000.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:MaxConcurrentRequestsPerAddress must be between 1 and 1000000.")]
    public int MaxConcurrentRequestsPerAddress { get; set; } = 1000;

    /// <summary>Open connections (<c>Api:MaxConnections</c>): 1 to 1,000,000. Others are closed.</summary>
    /// <value>The default is 20,000.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:MaxConnections must be between 1 and 1000000.")]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// Open connections of one address (<c>Api:MaxConnectionsPerAddress</c>): 1 to 1,000,000. Others are closed. Behind
    /// a proxy, the address is that of the proxy.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(1, MaxRate, ErrorMessage = "Api:MaxConnectionsPerAddress must be between 1 and 1000000.")]
    public int MaxConnectionsPerAddress { get; set; } = 1000;
}

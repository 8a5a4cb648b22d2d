using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Http;

/// <summary>Configures the rate limit of a host.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>
    /// Requests per second and project, except <c>verify</c> (<c>Api:RequestsPerSecond</c>): 1 to 1,000,000. Twice as
    /// many are allowed in a burst. Each host counts on its own.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerSecond must be between 1 and 1000000.")]
    public int RequestsPerSecond { get; set; } = 1000;
}

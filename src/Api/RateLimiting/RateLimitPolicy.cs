namespace KeysCluster.Api.RateLimiting;

/// <summary>A limit of requests that endpoints share. It is metadata of the endpoint.</summary>
/// <param name="Name">The name in the <c>RateLimit</c> headers.</param>
/// <param name="GetRate">Returns the requests per second.</param>
/// <param name="IsPerApiKey">Whether each API key has its own limit, rather than each project.</param>
internal sealed record RateLimitPolicy(string Name, Func<RateLimitOptions, int> GetRate, bool IsPerApiKey = false)
{
    /// <summary>The policy of most endpoints.</summary>
    public static readonly RateLimitPolicy Management = new("management", options => options.RequestsPerSecond);

    /// <summary>
    /// The policy of the calls that end what a leaked key or secret can do. A flood of other calls with the leaked key
    /// does not use it up.
    /// </summary>
    public static readonly RateLimitPolicy Protection = new("protection", options => options.RequestsPerSecond);

    /// <summary>The policy of <c>verify</c>, which services call with each request of theirs.</summary>
    public static readonly RateLimitPolicy Verification = new(
        "verification", options => options.VerificationsPerSecond, IsPerApiKey: true);
}

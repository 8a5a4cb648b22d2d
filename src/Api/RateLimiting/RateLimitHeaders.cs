using System.Globalization;

namespace KeysCluster.Api.RateLimiting;

/// <summary>The header fields of draft-ietf-httpapi-ratelimit-headers-10, which are structured fields.</summary>
internal static class RateLimitHeaders
{
    /// <summary>Returns the description of a limit.</summary>
    /// <param name="name">The name of the limit.</param>
    /// <param name="quota">How many requests may be sent at once.</param>
    /// <param name="window">In how many seconds a used-up quota is available again.</param>
    public static string FormatPolicy(string name, int quota, int window) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={quota};w={window}");

    /// <summary>Writes a limit and what is left of it.</summary>
    /// <param name="response">The response.</param>
    /// <param name="policy">The description of the limit.</param>
    /// <param name="name">The name of the limit.</param>
    /// <param name="remaining">How many requests may be sent now.</param>
    /// <param name="reset">In what time the quota is available again.</param>
    public static void Write(HttpResponse response, string policy, string name, long remaining, TimeSpan reset)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, reset.TotalSeconds));
        response.Headers["RateLimit-Policy"] = policy;
        response.Headers["RateLimit"] =
            string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={remaining};t={seconds}");
    }

    /// <summary>Writes a limit of requests at the same time, of which none is left.</summary>
    /// <param name="response">The response.</param>
    /// <param name="policy">The name of the limit.</param>
    /// <param name="quota">How many requests may be processed at the same time.</param>
    public static void WriteConcurrency(HttpResponse response, string policy, int quota)
    {
        response.Headers["RateLimit-Policy"] =
            string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";q={quota};qu=\"concurrent-requests\"");
        response.Headers["RateLimit"] = $"\"{policy}\";r=0";
    }

    /// <summary>Writes in how many whole seconds a request can succeed, at least one.</summary>
    public static void WriteRetryAfter(HttpResponse response, TimeSpan delay) =>
        response.Headers.RetryAfter =
            Math.Max(1, Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

using System.Security.Cryptography;

namespace KeysCluster.Grains.Deliveries;

/// <summary>When a message that was not accepted is sent again.</summary>
internal static class WebhookBackoff
{
    /// <summary>
    /// How long an endpoint may accept nothing before its webhook is disabled, and how long a message is sent again to
    /// an endpoint that accepts others.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(3);

    /// <summary>By how much a delay is longer or shorter at random, so that endpoints do not fail together.</summary>
    private const int JitterPercent = 10;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(6),
    ];

    /// <summary>Returns the delay after a number of failed attempts, from 1.</summary>
    public static TimeSpan GetDelay(int failures)
    {
        var delay = Delays[Math.Clamp(failures, 1, Delays.Length) - 1];
        return delay * (1 + RandomNumberGenerator.GetInt32(-JitterPercent, JitterPercent + 1) / 100.0);
    }
}

using System.Net;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>
/// The responses of an endpoint that accepts most messages. It refuses some, responds late to others, and to a few not
/// before the service gives up. Thread-safe.
/// </summary>
internal sealed class WebhookReplies(SeededRandom random)
{
    /// <summary>
    /// A message is refused no more often, so that the service sends it again within less than 40 seconds.
    /// </summary>
    private const int MaxRefusals = 2;

    private const double RefusalShare = 0.04;
    private const double TimeoutShare = 0.004;
    private const double SlowShare = 0.03;

    /// <summary>Longer than the five seconds that an endpoint has.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private bool _isHealthy;

    /// <summary>Accepts every message from now on.</summary>
    public void AcceptAll()
    {
        lock (_lock) _isHealthy = true;
    }

    /// <summary>Returns the response to a message that was refused a number of times.</summary>
    public WebhookReply Next(int refusals)
    {
        lock (_lock)
        {
            if (_isHealthy) return WebhookReply.Accepted;
            var choice = random.NextDouble();
            if (choice < SlowShare) return WebhookReply.Accepted with { Delay = random.NextDuration(0.2, 3) };
            if (refusals >= MaxRefusals) return WebhookReply.Accepted;
            choice -= SlowShare;
            if (choice < RefusalShare) return new(HttpStatusCode.InternalServerError, TimeSpan.Zero);
            return choice < RefusalShare + TimeoutShare
                ? new(HttpStatusCode.ServiceUnavailable, TooLong)
                : WebhookReply.Accepted;
        }
    }
}

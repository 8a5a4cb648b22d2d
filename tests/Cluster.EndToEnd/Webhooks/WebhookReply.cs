using System.Net;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>How an endpoint responds to a message.</summary>
/// <param name="Status">The status of the response.</param>
/// <param name="Delay">The time until the response.</param>
internal readonly record struct WebhookReply(HttpStatusCode Status, TimeSpan Delay)
{
    public static WebhookReply Accepted { get; } = new(HttpStatusCode.NoContent, TimeSpan.Zero);

    public bool IsAccepted => (int)Status is >= 200 and < 300;

    /// <summary>Whether the endpoint delays this message or those after it.</summary>
    public bool IsSlow => Delay > TimeSpan.Zero;
}

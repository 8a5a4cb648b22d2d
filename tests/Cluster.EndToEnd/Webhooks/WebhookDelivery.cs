using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>What an endpoint received of one event. It contains ids only, because a run has many events.</summary>
internal sealed record WebhookDelivery
{
    /// <summary>The project of the webhook.</summary>
    public required string Project { get; init; }

    /// <summary>The position of the event, which is its id in the message.</summary>
    public required long Position { get; init; }

    /// <summary>The <c>webhook-id</c> of the first message.</summary>
    public required string MessageId { get; init; }

    /// <summary>The virtual key, or the project, that the message names.</summary>
    public required string Owner { get; init; }

    /// <summary>The type of the event.</summary>
    public required string Type { get; init; }

    public required Moment FirstArrivedAt { get; init; }

    /// <summary>The number of messages.</summary>
    public int Attempts { get; init; }

    /// <summary>The number of messages that the endpoint did not accept.</summary>
    public int Refusals { get; init; }

    /// <summary>The number of messages that the endpoint accepted.</summary>
    public int Acceptances { get; init; }

    /// <summary>When the message arrived that was the first to be accepted; null when none was.</summary>
    public Moment? ArrivedAt { get; init; }

    /// <summary>When the endpoint first accepted a message; null when it did not.</summary>
    public Moment? AcceptedAt { get; init; }

    /// <summary>The first fault of a message; null when all were right.</summary>
    public WebhookFault? Fault { get; init; }
}

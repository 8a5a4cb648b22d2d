using KeysCluster.Events;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Makes the deliveries of events. Their ids increase in the order in which they are made, so a list by id has the
/// order of the events. Only one thread at a time may use it.
/// </summary>
internal sealed class DeliveryFactory
{
    private WebhookDeliveryId _lastId;

    /// <summary>
    /// Returns the delivery of an event to a webhook; null if the webhook does not deliver its type. Whether the
    /// webhook was enabled does not matter.
    /// </summary>
    public NewDelivery? Create(RecordedEvent recorded, WebhookState webhook, DateTimeOffset now)
    {
        if (DeliveredEventTypes.Find(recorded) is not { } type || !webhook.Delivers(type)) return null;
        _lastId = WebhookDeliveryId.NewAfter(_lastId, now);
        return new NewDelivery(
            _lastId,
            ProjectId.Parse(recorded.ProjectId),
            WebhookId.Parse(webhook.Id),
            recorded.VirtualKeyId ?? recorded.ProjectId,
            recorded.Position,
            type,
            WebhookPayload.Create(type, recorded),
            now);
    }
}

using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>A delivery to be added.</summary>
/// <param name="Id">The id.</param>
/// <param name="ProjectId">The id of the project.</param>
/// <param name="WebhookId">The webhook.</param>
/// <param name="OwnerId">The virtual key or project, whose deliveries are sent one after the other.</param>
/// <param name="Position">The position of the event; null for a test.</param>
/// <param name="Type">The type of the event.</param>
/// <param name="Payload">The body.</param>
/// <param name="CreatedAt">The time at which it is added.</param>
public sealed record NewDelivery(
    WebhookDeliveryId Id,
    ProjectId ProjectId,
    WebhookId WebhookId,
    string OwnerId,
    long? Position,
    string Type,
    string Payload,
    DateTimeOffset CreatedAt);

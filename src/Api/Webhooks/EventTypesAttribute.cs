using KeysCluster.Api.Http;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>Validates a list of types of events that webhooks deliver.</summary>
internal sealed class EventTypesAttribute() : ListAttribute(
    WebhookEventTypes.All.Count, $"types out of {string.Join(", ", WebhookEventTypes.All)}.")
{
    protected override bool IsValidEntry(string text) => WebhookEventTypes.All.Contains(text);
}

using KeysCluster.Api.Http;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>The <c>cursor</c> of a list of deliveries: the last delivery of the page before.</summary>
internal sealed class DeliveryCursor(WebhookId webhook, WebhookDeliveryStatus? status)
{
    private const int MaxLength = 128;

    private readonly ListCursor _cursor = new($"deliveries {webhook} {status}", MaxLength);

    public string Encode(WebhookDeliveryId last) => _cursor.Encode(last.ToString());

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, out WebhookDeliveryId last)
    {
        last = default;
        return _cursor.TryDecode(cursor, out var text) && WebhookDeliveryId.TryParse(text, out last);
    }
}

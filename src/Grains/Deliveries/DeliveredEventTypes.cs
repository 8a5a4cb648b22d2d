using System.Text.Json;
using KeysCluster.Events;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Maps the types of recorded events to those that webhooks deliver. Events of which receivers learn nothing, such as a
/// repeated response, are not delivered.
/// </summary>
internal static class DeliveredEventTypes
{
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["virtual_key.deadline_changed"] = "virtual_key.updated",
        ["virtual_key.retiring_secrets_expired"] = "virtual_key.secret_expired",
        ["virtual_key.erased"] = "virtual_key.secret_expired",
        ["api_key.deadline_changed"] = "api_key.updated",
        ["api_key.retiring_secrets_expired"] = "api_key.secret_expired",
        ["api_key.erased"] = "api_key.secret_expired",
        ["webhook.rotated"] = "webhook.updated",
    };

    private static readonly HashSet<string> All = [.. WebhookEventTypes.All];

    /// <summary>Returns the type as which an event is delivered; null if it is not.</summary>
    public static string? Find(RecordedEvent recorded)
    {
        if (recorded.Type is "virtual_key.erased" or "api_key.erased" && !ErasesExpiredSecret(recorded)) return null;
        var delivered = Renamed.GetValueOrDefault(recorded.Type, recorded.Type);
        return All.Contains(delivered) ? delivered : null;
    }

    /// <summary>
    /// Returns whether the grace period of an erased secret had ended by itself. The event of a caller who has expired
    /// a secret was delivered before, and erased idempotency records are of no interest to receivers.
    /// </summary>
    private static bool ErasesExpiredSecret(RecordedEvent recorded)
    {
        if (recorded.Changes is null) return false;
        using var changes = JsonDocument.Parse(recorded.Changes);
        return changes.RootElement.EnumerateObject().Any(change =>
            change.Name.StartsWith("secrets.", StringComparison.Ordinal)
            && change.Value.TryGetProperty("old", out var old)
            && old.ValueKind == JsonValueKind.Object
            && !old.TryGetProperty("is_expired", out _));
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using KeysCluster.Events;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// The bodies of deliveries: <c>{"type", "timestamp", "data"}</c>, as Standard Webhooks recommends. The data is the
/// event as the API shows it.
/// </summary>
internal static class WebhookPayload
{
    public static string Create(string type, RecordedEvent recorded) => Create(type, recorded.At, new JsonObject
    {
        ["id"] = recorded.Position.ToString(CultureInfo.InvariantCulture),
        ["project_id"] = recorded.ProjectId,
        ["virtual_key_id"] = recorded.VirtualKeyId,
        ["revision"] = recorded.Revision.ToString(CultureInfo.InvariantCulture),
        ["secret_id"] = recorded.SecretId,
        ["actor"] = new JsonObject
        {
            ["kind"] = recorded.ActorKind,
            ["id"] = recorded.ActorId,
            ["name"] = recorded.ActorName,
        },
        ["request_id"] = recorded.RequestId,
        ["source_address"] = recorded.SourceAddress,
        ["changes"] = recorded.Changes is { } changes ? JsonNode.Parse(changes) : null,
    });

    public static string CreateTest(ProjectId project, WebhookId webhook, DateTimeOffset now) => Create(
        WebhookEventTypes.Test,
        UtcMillisecondJsonConverter.Format(now),
        new JsonObject { ["project_id"] = project.ToString(), ["webhook_id"] = webhook.ToString() });

    private static string Create(string type, string timestamp, JsonObject data) => new JsonObject
    {
        ["type"] = type,
        ["timestamp"] = timestamp,
        ["data"] = data,
    }.ToJsonString(StateJson.Options);
}

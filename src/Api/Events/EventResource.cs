using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Events;

namespace KeysCluster.Api.Events;

/// <summary>An event.</summary>
internal sealed record EventResource
{
    [Description("Unique. Events of one key or project have ascending numbers.")]
    public required string Id { get; init; }

    [Description("Such as virtual_key.rotated or project.created. More types may be added.")]
    public required string Type { get; init; }

    public required string ProjectId { get; init; }

    [Description("Null for an event of the project itself.")]
    public required string? VirtualKeyId { get; init; }

    [Description("The revision after the event, a decimal number.")]
    public required string Revision { get; init; }

    [Description("The secret that the event concerns; null when it concerns the whole key or project.")]
    public required string? SecretId { get; init; }

    public required EventActor Actor { get; init; }

    [Description("The X-Request-Id of the response.")]
    public required string? RequestId { get; init; }

    public required string? SourceAddress { get; init; }

    [Description("The old and the new value of each field that changed; null if none did.")]
    public required JsonElement? Changes { get; init; }

    [Description("A time in ISO 8601.")]
    public required string At { get; init; }

    [Description("The position after the event. Only in the lines of an export.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cursor { get; init; }

    public static EventResource From(RecordedEvent recorded) => new()
    {
        Id = recorded.Position.ToString(CultureInfo.InvariantCulture),
        Type = recorded.Type,
        ProjectId = recorded.ProjectId,
        VirtualKeyId = recorded.VirtualKeyId,
        Revision = recorded.Revision.ToString(CultureInfo.InvariantCulture),
        SecretId = recorded.SecretId,
        Actor = new EventActor(recorded.ActorKind, recorded.ActorId, recorded.ActorName),
        RequestId = recorded.RequestId,
        SourceAddress = recorded.SourceAddress,
        Changes = recorded.Changes is { } json ? JsonElement.Parse(json) : null,
        At = recorded.At,
    };
}

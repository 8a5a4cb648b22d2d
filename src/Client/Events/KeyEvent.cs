using System.Text.Json;

namespace KeysCluster.Client;

/// <summary>A change of a virtual key, an API key, a project or a webhook. It contains no secret.</summary>
public sealed record KeyEvent
{
    /// <summary>A number that orders the events of a key.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>virtual_key.rotated</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The project.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The virtual key; null for other events of a project.</summary>
    public string? VirtualKeyId { get; init; }

    /// <summary>The revision after the event.</summary>
    public required string Revision { get; init; }

    /// <summary>The secret that the event concerns.</summary>
    public string? SecretId { get; init; }

    /// <summary>Who made the change.</summary>
    public required EventActor Actor { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the response.</summary>
    public string? RequestId { get; init; }

    /// <summary>The address from which the request came.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>The old and the new value of each field that changed.</summary>
    public JsonElement? Changes { get; init; }

    /// <summary>When the change was made.</summary>
    public required DateTimeOffset At { get; init; }
}

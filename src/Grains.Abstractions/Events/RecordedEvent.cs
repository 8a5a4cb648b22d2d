namespace KeysCluster.Events;

/// <summary>
/// An event as it was recorded. It contains neither a secret nor a hash of one. Texts are passed on as they are stored:
/// an event of an earlier build, or of a change by hand, may have others than those that this build writes.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RecordedEvent")]
public sealed record RecordedEvent
{
    /// <summary>
    /// The position: unique, and ascending within a key or project. Events of others may become visible in another
    /// order.
    /// </summary>
    [Id(0)] public required long Position { get; init; }

    /// <summary>The public type, such as <c>virtual_key.rotated</c>.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>The id of the project.</summary>
    [Id(2)] public required string ProjectId { get; init; }

    /// <summary>The id of the virtual key; null for an event of the project itself.</summary>
    [Id(3)] public string? VirtualKeyId { get; init; }

    /// <summary>The revision after the event.</summary>
    [Id(4)] public required long Revision { get; init; }

    /// <summary>The secret that the event concerns; null when it concerns the whole key or project.</summary>
    [Id(5)] public string? SecretId { get; init; }

    /// <summary>The kind of the actor; null from an earlier build.</summary>
    [Id(6)] public string? ActorKind { get; init; }

    /// <summary>The id of the actor, such as that of an API key; null when it has none.</summary>
    [Id(7)] public string? ActorId { get; init; }

    /// <summary>The name of the actor.</summary>
    [Id(8)] public required string ActorName { get; init; }

    /// <summary>The id of the request; null when there was none.</summary>
    [Id(9)] public string? RequestId { get; init; }

    /// <summary>The address from which the request came; null if unknown.</summary>
    [Id(10)] public string? SourceAddress { get; init; }

    /// <summary>The old and new value of each field that changed, as a JSON object; null if none did.</summary>
    [Id(11)] public string? Changes { get; init; }

    /// <summary>The time, in ISO 8601 in UTC with milliseconds.</summary>
    [Id(12)] public required string At { get; init; }
}

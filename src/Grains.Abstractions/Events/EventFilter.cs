using KeysCluster.VirtualKeys;

namespace KeysCluster.Events;

/// <summary>Selects events. Every member that is set must match.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.EventFilter")]
public sealed record EventFilter
{
    /// <summary>The type, such as <c>virtual_key.rotated</c>. An unknown one matches nothing.</summary>
    [Id(0)] public string? Type { get; init; }

    /// <summary>The id of the actor, or the name of an actor that has no id, compared exactly.</summary>
    [Id(1)] public string? Actor { get; init; }

    /// <summary>The virtual key; null for all keys and for the events of projects themselves.</summary>
    [Id(2)] public VirtualKeyId? VirtualKeyId { get; init; }

    /// <summary>The time at or after which the event happened.</summary>
    [Id(3)] public DateTimeOffset? From { get; init; }

    /// <summary>The time before which the event happened.</summary>
    [Id(4)] public DateTimeOffset? To { get; init; }

    /// <summary>Whether the newest events come first. There is only one round then.</summary>
    [Id(5)] public bool IsDescending { get; init; }

    /// <summary>
    /// Whether the first round is sorted by time. Otherwise it is sorted by position, as later rounds always are.
    /// </summary>
    public bool IsSortedByTime => VirtualKeyId is null && (From is not null || To is not null);
}

using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>An event of a virtual key or project, as the database contains it at the end of a run.</summary>
internal sealed record OwnerEvent
{
    /// <summary>The id of the virtual key or project.</summary>
    public required string Owner { get; init; }

    /// <summary>The project of the virtual key, or the project itself.</summary>
    public string Project { get; init; } = "";

    /// <summary>The position among the events of all owners, which is the id of the event.</summary>
    public long Position { get; init; }

    /// <summary>The number within the owner; null for an event that the service did not write.</summary>
    public required long? Number { get; init; }

    public required string Type { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the call; null for an erasure.</summary>
    public string? RequestId { get; init; }

    /// <summary>The secret that the event concerns.</summary>
    public string? Secret { get; init; }

    /// <summary>The time by the clock of the silo that made the change.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The state after the event: its changes, applied to the state before it.</summary>
    public required OwnerState After { get; init; }

    /// <summary>The first field whose old value differs from the state before; null for none.</summary>
    public string? Inconsistency { get; init; }

    public override string ToString()
    {
        var expiry = After.ExpiresAt is { } end ? $", expires {end.ToString("O", CultureInfo.InvariantCulture)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"event {Number} {Type} {Secret} at {At:HH:mm:ss.fff}")
            + string.Create(CultureInfo.InvariantCulture, $" ({RequestId}, revision {After.Revision}{expiry})");
    }
}

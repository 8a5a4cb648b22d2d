namespace KeysCluster.Client;

/// <summary>Selects events: those that match every member that is set.</summary>
public sealed record EventFilter
{
    /// <summary>Events of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Events of this actor, by id.</summary>
    public string? Actor { get; init; }

    /// <summary>Events of this virtual key.</summary>
    public string? VirtualKeyId { get; init; }

    /// <summary>Events of this project; only with an admin key.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Events from this time on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

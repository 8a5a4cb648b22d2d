namespace KeysCluster.Client;

/// <summary>Selects virtual keys: those that match every member that is set.</summary>
public sealed record VirtualKeyFilter
{
    /// <summary>Keys with this external id.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Keys with this status.</summary>
    public VirtualKeyStatus? Status { get; init; }

    /// <summary>Keys of this environment.</summary>
    public VirtualKeyEnvironment? Environment { get; init; }

    /// <summary>Keys of this user.</summary>
    public string? PrincipalUserId { get; init; }

    /// <summary>Keys whose name starts with this text.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Keys that expire before this time, also in the past.</summary>
    public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>Keys with a replaced secret that is still valid, or without one.</summary>
    public bool? HasRetiringSecrets { get; init; }
}

namespace KeysCluster.VirtualKeys;

/// <summary>Selects virtual keys of a project. Every member that is set must match.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyFilter")]
public sealed record VirtualKeyFilter
{
    /// <summary>The external id, compared exactly.</summary>
    [Id(0)] public string? ExternalId { get; init; }

    /// <summary>The status.</summary>
    [Id(1)] public VirtualKeyStatus? Status { get; init; }

    /// <summary>The environment.</summary>
    [Id(2)] public VirtualKeyEnvironment? Environment { get; init; }

    /// <summary>The user that the key represents, compared exactly.</summary>
    [Id(3)] public string? PrincipalUserId { get; init; }

    /// <summary>The first characters of the name, compared exactly. Sorts the list by name.</summary>
    [Id(4)] public string? NamePrefix { get; init; }

    /// <summary>
    /// The time before which the key expires, or has expired. Sorts the list by expiry, earliest first.
    /// </summary>
    [Id(5)] public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>
    /// Whether replaced secrets of the key are still valid. True sorts the list by the latest deadline of these
    /// secrets, earliest first.
    /// </summary>
    [Id(6)] public bool? HasRetiringSecrets { get; init; }

    /// <summary>
    /// The order of the list, which its positions depend on. If several filters sort, the first one counts: retiring
    /// secrets, expiry, name.
    /// </summary>
    public VirtualKeyOrder Order => this switch
    {
        { HasRetiringSecrets: true } => VirtualKeyOrder.RetiringUntil,
        { ExpiresBefore: not null } => VirtualKeyOrder.ExpiresAt,
        { NamePrefix: not null } => VirtualKeyOrder.Name,
        _ => VirtualKeyOrder.CreatedAt,
    };
}

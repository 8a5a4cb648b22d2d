namespace KeysCluster.Grains.Secrets;

/// <summary>
/// A recorded warning that a retiring secret expires soon while it is in use. JSON names are a storage contract.
/// </summary>
internal sealed record ExpiryWarning
{
    /// <summary>The deadline of which the warning was. Another deadline has a warning of its own.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>The address of the client at the last use; null if unknown.</summary>
    public string? LastUsedFrom { get; init; }
}

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>The last recorded notice of the expiry of a virtual key. JSON names are a storage contract.</summary>
internal sealed record ExpiryNotice
{
    /// <summary>How many days ahead it was; 0 when the key had expired.</summary>
    public required int DaysAhead { get; init; }

    /// <summary>The expiry of which the notice was. Another expiry has notices of its own.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

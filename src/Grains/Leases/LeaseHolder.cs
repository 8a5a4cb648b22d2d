namespace KeysCluster.Grains.Leases;

/// <summary>Who answers from memory under a lease: a silo, or an Orleans client outside of the cluster.</summary>
public readonly record struct LeaseHolder
{
    private const string ClientPrefix = "client ";

    private LeaseHolder(SiloAddress? silo, GrainId? client) => (Silo, Client) = (silo, client);

    /// <summary>The silo; null when it is a client.</summary>
    public SiloAddress? Silo { get; }

    /// <summary>The client's observer of invalidations; null when it is a silo.</summary>
    public GrainId? Client { get; }

    /// <summary>A silo.</summary>
    public static LeaseHolder Of(SiloAddress silo) => new(silo, null);

    /// <summary>A client, by its observer.</summary>
    public static LeaseHolder Of(GrainId client) => new(null, client);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static LeaseHolder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(ClientPrefix, StringComparison.Ordinal)
            ? Of(GrainId.Parse(text[ClientPrefix.Length..], null))
            : Of(SiloAddress.FromParsableString(text));
    }

    /// <summary>
    /// A text of 150 characters at most, as storage keeps it. What stands there for a silo is older than clients' leases: a
    /// silo from before them fails on a client's, and so does not take a client for told.
    /// </summary>
    public override string ToString() => Silo?.ToParsableString() ?? $"{ClientPrefix}{Client}";
}

namespace KeysCluster.Grains.Leases;

/// <summary>The holder of a lease: a silo, or an Orleans client.</summary>
public readonly record struct LeaseHolder
{
    private const string ClientPrefix = "client ";
    private const int MaxTextLength = 150;

    private LeaseHolder(SiloAddress? silo, GrainId? client) => (Silo, Client) = (silo, client);

    /// <summary>The silo; null for a client.</summary>
    public SiloAddress? Silo { get; }

    /// <summary>The invalidation observer of the client; null for a silo.</summary>
    public GrainId? Client { get; }

    /// <summary>Creates a holder for a silo.</summary>
    public static LeaseHolder ForSilo(SiloAddress silo) => new(silo, null);

    /// <summary>Creates a holder for a client, identified by its invalidation observer.</summary>
    public static LeaseHolder ForClient(GrainId observer) => new(null, observer);

    /// <summary>
    /// Creates a holder for a client that has named its observer itself; false when the id is not of an observer of a
    /// client, or cannot be stored.
    /// </summary>
    public static bool TryCreateForClient(GrainId observer, out LeaseHolder holder)
    {
        holder = ForClient(observer);
        if (!observer.IsClient()) return false;
        var text = holder.ToString();
        return text.Length <= MaxTextLength && !text.Any(char.IsControl) && Parse(text) == holder;
    }

    /// <summary>Parses a text that <see cref="ToString"/> returned.</summary>
    public static LeaseHolder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(ClientPrefix, StringComparison.Ordinal)
            ? ForClient(GrainId.Parse(text[ClientPrefix.Length..], null))
            : ForSilo(SiloAddress.FromParsableString(text));
    }

    /// <summary>
    /// Returns the stored text, at most 150 characters. The text of a silo has no prefix, as in builds without client
    /// leases: such a build fails to parse a client's, and so does not skip the client.
    /// </summary>
    public override string ToString() => Silo?.ToParsableString() ?? $"{ClientPrefix}{Client}";
}

namespace KeysCluster.Client;

/// <summary>A webhook to create.</summary>
public sealed record CreateWebhook
{
    /// <summary>An https URL on port 443 of a public host, unless the service permits others.</summary>
    public required string Url { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>The types of events to deliver; null for all.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }
}

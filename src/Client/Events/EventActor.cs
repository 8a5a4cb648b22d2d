namespace KeysCluster.Client;

/// <summary>Who made a change.</summary>
public sealed record EventActor
{
    /// <summary><c>api_key</c>, <c>admin</c>, <c>service</c>, <c>system</c> or <c>database</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The id of the secret of the API key, or the name of the admin key.</summary>
    public string? Id { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }
}

namespace KeysCluster.Grains.Peppers;

/// <summary>What depends on a pepper: it could not be verified without it.</summary>
public sealed record PepperUsage
{
    /// <summary>The current secrets of virtual keys that are not revoked.</summary>
    public int Secrets { get; init; }

    /// <summary>The retiring secrets of virtual keys that are not revoked.</summary>
    public int RetiringSecrets { get; init; }

    /// <summary>The current secrets of API keys of projects that are not archived.</summary>
    public int ApiKeys { get; init; }

    /// <summary>The retiring secrets of API keys of projects that are not archived.</summary>
    public int RetiringApiKeys { get; init; }

    /// <summary>The idempotency records that have not expired.</summary>
    public int IdempotencyRecords { get; init; }

    /// <summary>The signing secrets of webhooks of projects that are not archived.</summary>
    public int WebhookSecrets { get; init; }

    /// <summary>The states of virtual keys and projects whose MAC was computed under the pepper.</summary>
    public int States { get; init; }

    /// <summary>Whether nothing depends on the pepper.</summary>
    public bool IsEmpty => this == new PepperUsage();
}

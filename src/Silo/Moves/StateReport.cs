namespace KeysCluster.Silo.Moves;

/// <summary>What the states of virtual keys and projects contain. It is the same before and after a move.</summary>
public sealed record StateReport
{
    /// <summary>The states whose MAC is valid.</summary>
    public required int Authenticated { get; init; }

    /// <summary>
    /// The states without a MAC. The silos refuse them, as the embedded service did, unless
    /// <c>Keys:RequireStateMac</c> is unset.
    /// </summary>
    public required int WithoutMac { get; init; }

    /// <summary>
    /// The ids of the states that were altered outside the service. They are copied as they are, and the silos refuse
    /// them, as the embedded service did.
    /// </summary>
    public required IReadOnlyList<string> Altered { get; init; }

    /// <summary>The secrets of virtual keys that are not revoked, without those that are retiring.</summary>
    public required int Secrets { get; init; }

    /// <summary>The retiring secrets of virtual keys that are not revoked.</summary>
    public required int RetiringSecrets { get; init; }

    /// <summary>The secrets of API keys, with those that are retiring.</summary>
    public required int ApiKeySecrets { get; init; }

    /// <summary>The signing secrets of webhooks.</summary>
    public required int WebhookSecrets { get; init; }

    /// <summary>The idempotency records that have not expired.</summary>
    public required int IdempotencyRecords { get; init; }

    /// <summary>Returns whether another report has the same content.</summary>
    public bool IsSameAs(StateReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Altered = [] } == other with { Altered = [] } && Altered.SequenceEqual(other.Altered);
    }
}

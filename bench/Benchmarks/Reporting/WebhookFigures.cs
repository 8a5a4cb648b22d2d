namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Rotations beside webhooks, and the delay of a message.</summary>
internal sealed record WebhookFigures
{
    /// <summary>Rotations without webhooks, and with those whose endpoints are dead.</summary>
    public required IReadOnlyList<LoadFigures> Rotations { get; init; }

    /// <summary>The time from the response of a revocation to the arrival of its message.</summary>
    public required LatencyFigures Arrival { get; init; }
}

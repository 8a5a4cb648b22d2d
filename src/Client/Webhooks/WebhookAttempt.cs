namespace KeysCluster.Client;

/// <summary>An attempt to deliver an event.</summary>
public sealed record WebhookAttempt
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }

    /// <summary>The status that the endpoint returned; null without a response.</summary>
    public int? StatusCode { get; init; }

    /// <summary>A code for what went wrong; null if it was accepted.</summary>
    public string? Error { get; init; }
}

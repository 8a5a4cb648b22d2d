namespace KeysCluster.Webhooks;

/// <summary>Changes fields of a webhook. Fields that are not set stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateWebhook")]
public sealed record UpdateWebhookCommand
{
    /// <summary>The identity on whose behalf the webhook is changed.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The webhook.</summary>
    [Id(1)] public required WebhookId Id { get; init; }

    /// <summary>The new URL; null to keep it.</summary>
    [Id(2)] public string? Url { get; init; }

    /// <summary>True when <see cref="Description"/> replaces the present one.</summary>
    [Id(3)] public bool SetsDescription { get; init; }

    /// <summary>The new description, when <see cref="SetsDescription"/> is true.</summary>
    [Id(4)] public string? Description { get; init; }

    /// <summary>True when <see cref="EventTypes"/> replaces the present ones.</summary>
    [Id(5)] public bool SetsEventTypes { get; init; }

    /// <summary>The new types, when <see cref="SetsEventTypes"/> is true; null for all.</summary>
    [Id(6)] public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Whether the webhook is disabled; null to keep it as it is.</summary>
    [Id(7)] public bool? IsDisabled { get; init; }
}

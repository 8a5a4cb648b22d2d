namespace KeysCluster.Webhooks;

/// <summary>The limits of webhooks.</summary>
public static class WebhookLimits
{
    /// <summary>The maximum number of webhooks of a project.</summary>
    public const int MaxWebhooks = 20;

    /// <summary>The maximum length of a URL, in characters.</summary>
    public const int MaxUrlLength = 2048;

    /// <summary>The maximum length of a description, in characters.</summary>
    public const int MaxDescriptionLength = 500;

    /// <summary>The maximum number of signing secrets of a webhook: the current one, and replaced ones.</summary>
    public const int MaxSecrets = 5;
}

using System.Text.Json.Serialization;
using KeysCluster.Grains.Webhooks;

namespace KeysCluster.Grains.Projects;

/// <content>The webhooks of the project.</content>
internal sealed partial record ProjectState
{
    /// <summary>All webhooks, oldest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<WebhookState> Webhooks => StoredWebhooks ?? [];

    public WebhookState? FindWebhook(string id) => Webhooks.FirstOrDefault(webhook => webhook.Id == id);

    public WebhookState? FindWebhookBySecret(string secretId) =>
        Webhooks.FirstOrDefault(webhook => webhook.Secrets.Any(secret => secret.Id == secretId));

    public ProjectState AddWebhook(WebhookState webhook) => this with { StoredWebhooks = [.. Webhooks, webhook] };

    /// <summary>Replaces the webhook with the same id.</summary>
    public ProjectState ReplaceWebhook(WebhookState webhook) => this with
    {
        StoredWebhooks = [.. Webhooks.Select(other => other.Id == webhook.Id ? webhook : other)],
    };

    public ProjectState RemoveWebhook(string id)
    {
        var others = Webhooks.Where(webhook => webhook.Id != id).ToList();
        return this with { StoredWebhooks = others.Count == 0 ? null : others };
    }

    /// <summary>
    /// Replaces the secrets of each webhook by the result of a function; returns the same instance when none changes.
    /// </summary>
    public ProjectState MapWebhookSecrets(Func<WebhookState, IReadOnlyList<StoredWebhookSecret>> map)
    {
        var mapped = Webhooks.Select(webhook => (Before: webhook, Secrets: map(webhook))).ToList();
        if (mapped.All(pair => ReferenceEquals(pair.Secrets, pair.Before.Secrets))) return this;
        return this with { StoredWebhooks = [.. mapped.Select(pair => pair.Before with { Secrets = pair.Secrets })] };
    }
}

using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Reads the webhooks of projects from storage. The state of a grain could be older than an event that was read before.
/// </summary>
internal sealed class WebhookReader(
    [FromKeyedServices(StorageNames.Provider)] IGrainStorage storage,
    PepperRing ring,
    MissingPepperMonitor missingPeppers,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    /// <summary>Returns the webhooks of a project; none if it does not exist.</summary>
    public async Task<IReadOnlyList<WebhookState>> ReadAsync(string project)
    {
        var row = new GrainState<ProjectState>();
        await storage.ReadStateAsync(
            StorageNames.Project, StorageNames.GetGrainId(StorageNames.Project, project), row);
        return row is { RecordExists: true, State: { } state } ? state.Webhooks : [];
    }

    /// <summary>Returns a webhook; null if the project has none with this id.</summary>
    public async Task<WebhookState?> FindAsync(ProjectId project, WebhookId webhook)
    {
        var webhooks = await ReadAsync(project.ToString());
        return webhooks.FirstOrDefault(candidate => candidate.Id == webhook.ToString());
    }

    /// <summary>Returns where deliveries are sent, with the decrypted keys of their signatures.</summary>
    public WebhookTarget CreateTarget(WebhookState webhook)
    {
        var (peppers, now) = (ring.Peppers, time.GetUtcNow());
        List<byte[]> keys = [];
        foreach (var secret in webhook.Secrets.Where(secret => !secret.HasExpired(now)))
        {
            if (WebhookSecretSealer.Open(secret, webhook.Id, peppers) is { } key) keys.Add(key);
            else missingPeppers.Report(secret.PepperId);
        }

        return new WebhookTarget(webhook.Url, keys);
    }

    /// <summary>Returns whether a signing secret is not encrypted under the current pepper.</summary>
    public bool IsUnderEarlierPepper(WebhookState webhook) =>
        webhook.Secrets.Any(secret => secret.PepperId != ring.Peppers.Current.Id);
}

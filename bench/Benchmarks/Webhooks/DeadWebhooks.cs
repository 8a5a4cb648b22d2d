using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Webhooks;

/// <summary>Webhooks whose endpoints are dead, with deliveries that are pending. Disposal deletes them.</summary>
internal sealed class DeadWebhooks : IAsyncDisposable
{
    private readonly List<(KeysClient Client, string Path)> _webhooks = [];

    /// <summary>Creates webhooks of projects.</summary>
    /// <param name="projects">The clients of the projects.</param>
    /// <param name="perProject">The number of webhooks of each.</param>
    /// <param name="endpoints">The endpoints.</param>
    public static async Task<DeadWebhooks> CreateAsync(
        IReadOnlyList<KeysClient> projects, int perProject, DeadEndpoints endpoints)
    {
        var webhooks = new DeadWebhooks();
        for (var n = 0; n < perProject * projects.Count; n++)
        {
            var client = projects[n % projects.Count];
            var created = await client.SendAsync(
                HttpMethod.Post, Routes.Webhooks, new { url = endpoints.GetUrl(n / projects.Count) });
            created.EnsureStatus(HttpStatusCode.Created);
            var id = created.Json.GetProperty("webhook").GetProperty("id").GetString();
            webhooks._webhooks.Add((client, $"{Routes.Webhooks}/{id}"));
        }

        return webhooks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, path) in _webhooks)
            (await client.SendAsync(HttpMethod.Delete, path)).EnsureStatus(HttpStatusCode.NoContent);
    }
}

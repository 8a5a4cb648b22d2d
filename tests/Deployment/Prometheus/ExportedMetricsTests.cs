using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Prometheus;

/// <summary>Rules and dashboards name only what a running cluster exports.</summary>
[Trait("Requires", "PostgreSQL")]
public sealed class ExportedMetricsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>
    /// The labels of the service's own metrics. None of them can identify a key, a project or a caller.
    /// </summary>
    private static readonly Dictionary<string, string[]> PermittedLabels = new()
    {
        ["action"] = ["created", "rotated", "revoked", "updated", "api_key_created", "webhook_created"],
        ["code"] = ["active", "malformed", "not_found", "retiring", "revoked", "unavailable"],
        ["holder"] = ["client", "silo"],
        ["kind"] = ["project", "vk"],
        ["limit"] =
        [
            "concurrency", "connections", "failed_authentication", "invalid_verification", "management", "protection",
            "verification",
        ],
        ["outcome"] =
        [
            "acknowledged", "confirmed", "delivered", "expired", "failed", "invalid", "limited", "malformed",
            "missing", "refused", "succeeded", "unavailable", "unknown", "written",
        ],
        ["path"] = ["cache", "format", "rest", "silo", "storage"],
        ["permission"] = ["virtualKeys:create"],
        ["reason"] = ["admin_key_required", "permission_missing"],
    };

    [Fact]
    public async Task A_running_cluster_exports_every_metric_and_label_of_the_rules_and_dashboards()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync(settings: CreateSettings());
        await using var frontEnd = await cluster.StartFrontEndAsync(settings: CreateSettings());
        var metrics = new ScrapedMetrics();
        await UseAsync(cluster, silo);
        await UseAsync(cluster, frontEnd);
        await Wait.UntilAsync(async () =>
        {
            await metrics.AddAsync(silo.ManagementAddress!);
            await metrics.AddAsync(frontEnd.ManagementAddress!);
            return metrics.Contains("keys_erasures_overdue")
                && metrics.Contains("keys_clock_offset_seconds")
                && metrics.Contains("keys_webhooks_delivery_duration_seconds_count");
        });

        PromQuery[] queries = [.. PromQueries.ReadAlerts(), .. PromQueries.ReadPanels()];
        var missing = from query in queries
                      from named in query.GetMetrics()
                      where !metrics.Contains(named.Metric)
                          || named.Labels.Concat(query.GetGroupingLabels()).Any(label => !HasLabel(query, label))
                      select $"{query.Source}: {named.Metric} in {query.Text}";
        Assert.Empty(missing);
        AssertTagsArePermitted(metrics);

        bool HasLabel(PromQuery query, string label) =>
            query.GetMetrics().Any(named => metrics.Contains(named.Metric, label));
    }

    private static void AssertTagsArePermitted(ScrapedMetrics metrics)
    {
        string[] others = ["le", "otel_scope_name", "otel_scope_version"];
        var tags = metrics.LabelValues
            .Where(tag => tag.Metric.StartsWith("keys_", StringComparison.Ordinal) && !others.Contains(tag.Label))
            .Distinct();
        Assert.All(tags, tag => Assert.Contains(tag.Value, PermittedLabels[tag.Label]));
    }

    private static Dictionary<string, string> CreateSettings() =>
        new() { ["Hosting:ManagementUrl"] = $"http://127.0.0.1:{FreePort.NextAsText()}" };

    private static async Task UseAsync(ClusterService cluster, ServiceProcess process)
    {
        using var admin = process.CreateClient(cluster.AdminKey);
        var (project, apiKey) = await admin.CreateProjectAsync();
        using var client = process.CreateClient(apiKey);

        // Nothing listens there, so each attempt fails.
        var url = $"http://127.0.0.1:{FreePort.NextAsText()}/";
        (await client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url })).EnsureStatus(HttpStatusCode.Created);
        var (id, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
        Assert.Equal("active", await client.VerifyAsync(secret));
        (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("retiring", await client.VerifyAsync(secret));
        (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyAsync(secret));
        Assert.Equal("malformed", await client.VerifyAsync("vk-lw-live_nonsense"));

        // An API key without permissions.
        var restricted = await client.SendAsync(
            HttpMethod.Post,
            Routes.ApiKeys(project),
            new { name = "restricted", permissions = new[] { "virtualKeys:view" } });
        using var other = process.CreateClient(restricted.Json.GetProperty("secret").GetString());
        (await other.SendCreateAsync()).EnsureStatus(HttpStatusCode.Forbidden);
        (await other.SendAsync(HttpMethod.Get, Routes.AllEvents)).EnsureStatus(HttpStatusCode.Forbidden);
    }
}

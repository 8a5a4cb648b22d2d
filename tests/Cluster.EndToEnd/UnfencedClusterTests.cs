using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// Tests the checker with a cluster whose silos do not invalidate their caches: it must find the violation.
/// </summary>
public sealed class UnfencedClusterTests
{
    private const int MaxAttempts = 50;

    private static readonly TimeSpan RevocationTimeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_checker_reports_a_revoked_secret_that_an_isolated_unfenced_silo_accepts()
    {
        var settings = new Dictionary<string, string> { ["Test:Fencing"] = "off" };
        await using var cluster = await ProcessCluster.StartAsync(silos: 2, frontEnds: 0, settings);
        var history = new HistoryLog();
        using var client = new RecordingClient(history, cluster.Nodes.Select(node => node.Target), cluster.AdminKey);
        var isolated = cluster.Silos[0];
        var (isolatedName, otherName) = (isolated.Name, cluster.Silos[1].Name);
        var key = await CreateKeyOnAsync(isolated, cluster, client);
        var secret = key.Secrets.Single();

        Assert.True((await client.ValidateAsync(isolatedName, key, secret)).IsAccepted);
        isolated.Postgres.Block();
        await isolated.IsolateFromPeersAsync();
        await Wait.UntilAsync(
            async () => (await client.ChangeAsync(CallKind.Revoke, otherName, key)).Outcome == Outcome.Done,
            RevocationTimeout);
        var stale = await client.ValidateAsync(isolatedName, key, secret);
        await isolated.ReconnectPeersAsync();
        isolated.Postgres.Unblock(resetConnections: true);

        Assert.True(stale.IsAccepted, $"The isolated silo did not accept the revoked secret: {stale}");
        var violation = Assert.Single(Checker.Check(history.Calls, await cluster.ReadEventsAsync()));
        Assert.Equal(RuleNames.AcceptedAfterInvalidation, violation.Rule);
        Assert.Equal(stale, violation.Call);
        Assert.Equal(CallKind.Revoke, violation.Contradicts?.Kind);
        Directory.Delete(cluster.LogFolder, recursive: true);
    }

    /// <summary>
    /// Creates a key that is active on a silo together with its project, which authenticates the API key.
    /// </summary>
    private static async Task<TrackedKey> CreateKeyOnAsync(
        ClusterNode silo, ProcessCluster cluster, RecordingClient client)
    {
        var (_, apiKey) = await CreateUntilPlacedOnAsync(
            silo, number => cluster.CreateProjectAsync($"project {number}"), project => project.Id);
        return await CreateUntilPlacedOnAsync(
            silo,
            async number =>
            {
                var (call, secret) = await client.CreateAsync(silo.Name, apiKey, $"create-attempt-{number}");
                var key = new TrackedKey(call.Key, apiKey, call.View!.CreatedAt);
                key.AddSecret(call.View.Secret, secret!, call.View.Retiring);
                return key;
            },
            key => key.Id);
    }

    /// <summary>Creates grains until Orleans places one on a silo, and returns that one.</summary>
    private static async Task<T> CreateUntilPlacedOnAsync<T>(
        ClusterNode silo, Func<int, Task<T>> create, Func<T, string> getId)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var created = await create(attempt);
            var suffix = $"/{getId(created)}";
            if ((await silo.GetActivationsAsync()).Any(grain => grain.EndsWith(suffix, StringComparison.Ordinal)))
                return created;
        }

        throw new InvalidOperationException($"Orleans placed none of {MaxAttempts} grains on the silo.");
    }
}

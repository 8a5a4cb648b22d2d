using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>The checker itself, on a real cluster whose silos do not fence what they serve: it must see what comes of that.</summary>
public sealed class UnfencedClusterTests
{
    private static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_checker_reports_a_revoked_secret_that_an_isolated_unfenced_silo_accepts()
    {
        await using var cluster = await ProcessCluster.StartAsync(
            silos: 2, frontEnds: 0, new Dictionary<string, string> { ["Test:Fencing"] = "off" });
        var log = new HistoryLog();
        using var client = new RecordingClient(log, cluster.Nodes);
        var (isolated, other) = (cluster.Silos[0], cluster.Silos[1].Process.Name);
        var key = await CreateKeyOnAsync(isolated, cluster, client);
        var secret = key.Secrets.Single();

        Assert.True((await client.ValidateAsync(isolated.Process.Name, key, secret)).IsAccepted);
        isolated.Postgres.Block();
        await isolated.IsolateFromPeersAsync();
        await Poll.UntilAsync(
            async () => (await client.ChangeAsync(CallKind.Revoke, other, key)).Outcome == Outcome.Done, RevokeTimeout);
        var stale = await client.ValidateAsync(isolated.Process.Name, key, secret);
        await isolated.ReconnectPeersAsync();
        isolated.Postgres.Unblock(cutting: true);

        Assert.True(stale.IsAccepted, $"There was nothing to find: {stale}");
        var violation = Assert.Single(Checker.Check(log.Calls));
        Assert.Equal("AcceptedAfterItsEnd", violation.Rule);
        Assert.Equal(stale, violation.Call);
        Assert.Equal(CallKind.Revoke, violation.Contradicts?.Kind);
    }

    /// <summary>A key that lives on a silo together with its project, which knows the API key.</summary>
    private static async Task<TrackedKey> CreateKeyOnAsync(IsolatableSilo silo, ProcessCluster cluster, RecordingClient client)
    {
        var (id, apiKey) = await CreateUntilPlacedOnAsync(silo, number => cluster.CreateProjectAsync($"project {number}"));
        Assert.NotEmpty(id);
        TrackedKey? key = null;
        await CreateUntilPlacedOnAsync(silo, async number =>
        {
            var (call, secret, keyId) = await client.CreateAsync(silo.Process.Name, apiKey, $"create-{number}");
            key = new TrackedKey(keyId!, apiKey);
            key.AddSecret(call.View!.Secret, secret!, []);
            return (keyId!, "");
        });
        return key!;
    }

    private static async Task<(string Id, string ApiKey)> CreateUntilPlacedOnAsync(IsolatableSilo silo, Func<int, Task<(string Id, string ApiKey)>> create)
    {
        for (var number = 1; number <= 50; number++)
        {
            var created = await create(number);
            if ((await silo.GetActivationsAsync()).Any(grain => grain.EndsWith($"/{created.Id}", StringComparison.Ordinal)))
                return created;
        }

        throw new InvalidOperationException("None of 50 grains was placed on the silo.");
    }
}

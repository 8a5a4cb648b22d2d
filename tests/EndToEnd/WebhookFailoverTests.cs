using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Webhooks of a cluster, whose silos fail.</summary>
public sealed class WebhookFailoverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Keys = 8;
    private const int RotationsPerKey = 15;
    private const string LeaderMessage = "This silo delivers the webhooks";

    /// <summary>Leadership ends ten seconds after the crash.</summary>
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The endpoint refuses some messages as well. Each event of a key increases its revision by one.
    /// </summary>
    [Fact]
    public async Task Every_change_is_delivered_in_the_order_of_its_key_when_the_silo_that_delivers_is_killed()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var first = await cluster.StartSiloAsync();
        await first.WaitForOutputAsync(LeaderMessage);
        await using var second = await cluster.StartSiloAsync();
        using var client = second.CreateClient(await cluster.CreateProjectAsync(second));
        using var receiver = new WebhookReceiver();
        var received = 0;

        // Every seventh, but none twice: it would be sent again after 30 seconds.
        var refused = new ConcurrentDictionary<string, bool>();
        receiver.RespondWith(message =>
            Interlocked.Increment(ref received) % 7 == 0 && refused.TryAdd(message.Id, true)
                ? HttpStatusCode.InternalServerError
                : HttpStatusCode.OK);
        (await client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url = receiver.Url }))
            .EnsureStatus(HttpStatusCode.Created);
        var keys = await client.CreateManyAsync(Keys);

        var rotations = keys.Select(async key =>
        {
            for (var n = 0; n < RotationsPerKey; n++)
            {
                (await KeysClient.RetryWhileUnavailableAsync(() => client.SendAsync(
                    HttpMethod.Post, Routes.Rotate(key.Id), new { grace_period_seconds = 0 })))
                    .EnsureStatus(HttpStatusCode.OK);
            }
        }).ToList();
        await Wait.UntilAsync(() => receiver.Accepted.Count > Keys * 3);
        await first.KillAsync();
        await Task.WhenAll(rotations);

        await second.WaitForOutputAsync(LeaderMessage);
        foreach (var (id, _) in keys)
        {
            var key = (await client.GetAsync(id)).Json.GetProperty("virtual_key");
            var revision = key.GetProperty("revision").GetString()!;
            var expected = Enumerable.Range(1, int.Parse(revision, CultureInfo.InvariantCulture));
            await Wait.UntilAsync(
                () => GetRevisions(receiver, id).Count() >= expected.Count(),
                DeliveryTimeout,
                $"the revisions 1 to {revision} of {id}");
            Assert.Equal(expected, GetRevisions(receiver, id));
        }
    }

    [Fact]
    public async Task A_redelivery_is_completed_when_the_silo_that_delivers_is_killed()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var first = await cluster.StartSiloAsync();
        await first.WaitForOutputAsync(LeaderMessage);
        await using var second = await cluster.StartSiloAsync();
        using var client = second.CreateClient(await cluster.CreateProjectAsync(second));
        using var receiver = new WebhookReceiver();
        var created = await client.SendAsync(
            HttpMethod.Post,
            Routes.Webhooks,
            new { url = receiver.Url, event_types = new[] { "virtual_key.created" } });
        created.EnsureStatus(HttpStatusCode.Created);
        var webhook = created.Json.GetProperty("webhook").GetProperty("id").GetString();

        // More than a page of events.
        var keys = await client.CreateManyAsync(210);
        await Wait.UntilAsync(() => receiver.Accepted.Count == keys.Count, DeliveryTimeout);

        (await client.SendAsync(
            HttpMethod.Post, $"{Routes.Webhooks}/{webhook}/redeliver", new { since = "2026-01-01T00:00:00Z" }))
            .EnsureStatus(HttpStatusCode.Accepted);
        await first.KillAsync();

        await Wait.UntilAsync(
            () => receiver.Messages.GroupBy(message => message.Id).All(messages => messages.Count() > 1),
            DeliveryTimeout);
        Assert.Equal(keys.Count, receiver.Accepted.Count);
    }

    /// <summary>Returns the revisions of a key in the order in which they were accepted, each once.</summary>
    private static IEnumerable<int> GetRevisions(WebhookReceiver receiver, string id) => receiver.Accepted
        .Where(message => message.VirtualKeyId == id && message.Type != "virtual_key.secret_expired")
        .Select(message => int.Parse(message.Data.GetProperty("revision").GetString()!, CultureInfo.InvariantCulture));
}

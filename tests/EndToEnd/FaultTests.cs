using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>What callers see when nodes of a cluster die, hang, or are asked to stop, and when PostgreSQL is away.</summary>
public sealed class FaultTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Keys_survive_a_killed_silo_and_revocations_wait_at_most_for_its_lease()
    {
        await using var cluster = await FaultyCluster.StartAsync(postgres, silos: 2);
        var keys = await cluster.CreateKeysAsync(20);

        await cluster.Silos[1].KillAsync();
        var since = Stopwatch.StartNew();

        foreach (var (id, secret) in keys)
        {
            Assert.Equal("active", await cluster.FrontEndClient.VerifyWithRetryAsync(secret));
            (await cluster.FrontEndClient.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        }

        foreach (var (id, secret) in keys)
        {
            (await cluster.FrontEndClient.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("revoked", await cluster.FrontEndClient.VerifyAsync(secret));
        }

        Assert.True(since.Elapsed < 4 * LeaseDuration, $"It took {since.Elapsed}.");
    }

    [Fact]
    public async Task Calls_complete_while_a_silo_hangs_and_the_resumed_silo_refuses_revoked_keys()
    {
        await using var cluster = await FaultyCluster.StartAsync(postgres, silos: 2);
        var keys = await cluster.CreateKeysAsync(20);
        using var onHung = cluster.Silos[1].CreateClient(cluster.ApiKey);
        foreach (var (_, secret) in keys) Assert.Equal("active", await onHung.VerifyAsync(secret));

        cluster.Silos[1].Pause();
        var answers = new ConcurrentBag<(string Id, string Secret, ApiResponse Answer, TimeSpan Time)>();
        await Task.WhenAll(keys.Select(async key =>
        {
            var time = Stopwatch.StartNew();
            answers.Add((key.Id, key.Secret, await cluster.FrontEndClient.RevokeAsync(key.Id), time.Elapsed));
        }));
        cluster.Silos[1].Resume();

        Assert.Empty(answers
            .Where(call => call.Time >= CallTimeLimit || (call.Answer.Status != HttpStatusCode.OK && !IsRetryable(call.Answer)))
            .Select(call => $"{call.Answer.Status} {call.Answer.Body} after {call.Time}"));
        foreach (var call in answers.Where(call => call.Answer.Status == HttpStatusCode.OK))
        {
            try
            {
                // Revoked, or 503 as long as it has no lease again.
                var verdict = await onHung.SendAsync(
                    HttpMethod.Post, "/api/gateway/v1/virtual-keys/verify", new { secret = call.Secret });
                Assert.True(
                    IsRetryable(verdict) || verdict.Json.GetProperty("code").GetString() == "revoked", verdict.Body);
            }
            catch (HttpRequestException)
            {
                // It has noticed that the others went on without it, and ended.
                break;
            }
        }

        foreach (var (id, _) in keys) (await KeysClient.RetryWhileUnavailableAsync(() => cluster.FrontEndClient.RevokeAsync(id))).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_graceful_silo_shutdown_fails_no_request()
    {
        await using var cluster = await FaultyCluster.StartAsync(postgres, silos: 2, drainDelay: TimeSpan.FromSeconds(2));
        using var load = new CancellationTokenSource();
        var failures = new ConcurrentBag<string>();
        var calls = 0;
        KeysClient[] clients = [cluster.FrontEndClient, cluster.Silos[0].CreateClient(cluster.ApiKey)];
        var working = clients.Select(client => Task.Run(async () =>
        {
            while (!load.IsCancellationRequested)
            {
                var created = await client.SendAsync(HttpMethod.Post, "/api/gateway/v1/virtual-keys", new { name = "a key" });
                Note(created);
                if (created.Status != HttpStatusCode.Created) continue;
                var id = created.Json.GetProperty("virtual_key").GetProperty("id").GetString()!;
                Note(await client.RotateAsync(id));
                Note(await client.SendAsync(
                    HttpMethod.Post, "/api/gateway/v1/virtual-keys/verify", new { secret = created.Json.GetProperty("secret").GetString() }));
                Note(await client.RevokeAsync(id));
            }
        })).ToList();

        await Task.Delay(TimeSpan.FromSeconds(2));
        var stopping = cluster.Silos[1].StopAsync();
        await Poll.UntilAsync(async () =>
            await cluster.Silos[1].GetReadinessAsync() == HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5));
        Assert.Equal(0, await stopping);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await load.CancelAsync();
        await Task.WhenAll(working);
        clients[1].Dispose();

        Assert.Empty(failures);
        Assert.True(calls > 100, $"Only {calls} calls were made.");

        void Note(ApiResponse answer)
        {
            Interlocked.Increment(ref calls);
            if ((int)answer.Status >= 300) failures.Add($"{answer.Status} {answer.ErrorCode}");
        }
    }

    [Fact]
    public async Task Validation_outlives_PostgreSQL_for_one_lease_then_fails_closed_and_recovers()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var cluster = await FaultyCluster.StartAsync(await server.CreateDatabaseAsync(), silos: 2);
        var keys = await cluster.CreateKeysAsync(2);
        var ((id, secret), (changed, _)) = (keys[0], keys[1]);
        using var onSilo = cluster.Silos[0].CreateClient(cluster.ApiKey);
        Assert.Equal("active", await onSilo.VerifyAsync(secret));

        // From before it goes: an orderly stop may take as long as a lease.
        var since = Stopwatch.StartNew();
        await server.KillAsync();
        Assert.Equal("active", await onSilo.VerifyAsync(secret));

        // Of another key: the silo of a key whose change failed does not know what it may still say of it.
        Assert.True(IsRetryable(await onSilo.RotateAsync(changed)));
        await Poll.UntilAsync(async () =>
        {
            var answer = await onSilo.SendAsync(HttpMethod.Post, "/api/gateway/v1/virtual-keys/verify", new { secret });
            return answer.Status == HttpStatusCode.ServiceUnavailable && answer.ErrorCode == "validation_unavailable";
        }, 2 * LeaseDuration);
        Assert.InRange(since.Elapsed, LeaseDuration / 3, LeaseDuration + TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await cluster.Silos[0].GetReadinessAsync());

        await server.StartAsync();
        Assert.Equal("active", await onSilo.VerifyWithRetryAsync(secret));
        (await onSilo.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("retiring", await onSilo.VerifyAsync(secret));
    }

    private static bool IsRetryable(ApiResponse answer) =>
        answer.Status == HttpStatusCode.ServiceUnavailable && answer.Headers.ContainsKey("Retry-After");
}

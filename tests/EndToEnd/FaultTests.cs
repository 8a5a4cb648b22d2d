using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Calls while silos crash, hang or stop, and while PostgreSQL is unavailable.</summary>
public sealed class FaultTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Keys_survive_a_killed_silo_and_a_revocation_completes_when_its_lease_has_expired()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var cluster = await FaultyCluster.StartAsync(database, silos: 2);
        var keys = await cluster.FrontEndClient.CreateManyAsync(20);

        await cluster.Silos[1].KillAsync();

        foreach (var (id, secret) in keys)
        {
            Assert.Equal("active", await cluster.FrontEndClient.VerifyWithRetryAsync(secret));
            (await cluster.FrontEndClient.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        }

        foreach (var (id, secret) in keys)
        {
            (await cluster.FrontEndClient.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);

            // Those of the other silo and of the front end.
            Assert.InRange(await CountActiveLeasesAsync(database), 0, 2);
            Assert.Equal("revoked", await cluster.FrontEndClient.VerifyAsync(secret));
        }
    }

    [Fact]
    public async Task Calls_complete_while_a_silo_hangs_and_the_resumed_silo_refuses_revoked_keys()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var cluster = await FaultyCluster.StartAsync(database, silos: 2);
        var keys = await cluster.FrontEndClient.CreateManyAsync(20);
        using var hungSiloClient = cluster.Silos[1].CreateClient(cluster.ApiKey);
        foreach (var (_, secret) in keys) Assert.Equal("active", await hungSiloClient.VerifyAsync(secret));

        cluster.Silos[1].Pause();
        var revocations = await Task.WhenAll(keys.Select(async key => (
            key.Secret, Response: await cluster.FrontEndClient.RevokeAsync(key.Id))));
        cluster.Silos[1].Resume();

        Assert.All(revocations, revocation => Assert.True(
            revocation.Response.Status == HttpStatusCode.OK || revocation.Response.IsRetryable,
            $"{revocation.Response.Status} {revocation.Response.Body}"));
        foreach (var (secret, _) in revocations.Where(revocation => revocation.Response.Status == HttpStatusCode.OK))
        {
            try
            {
                // 503 until the silo has acquired a new lease.
                var verdict = await hungSiloClient.SendVerifyAsync(secret);
                Assert.True(
                    verdict.IsRetryable || verdict.Json.GetProperty("code").GetString() == "revoked", verdict.Body);
            }
            catch (HttpRequestException)
            {
                // The silo exits when it learns that it was declared dead.
                break;
            }
        }

        foreach (var (id, _) in keys)
        {
            var revocation =
                await KeysClient.RetryWhileUnavailableAsync(() => cluster.FrontEndClient.RevokeAsync(id));
            revocation.EnsureStatus(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_graceful_silo_shutdown_fails_no_request()
    {
        const int callsPerPhase = 100;
        await using var cluster = await FaultyCluster.StartAsync(
            await postgres.Server.CreateDatabaseAsync(), silos: 2, drainDelay: TimeSpan.FromSeconds(2));
        using var load = new CancellationTokenSource();
        var failures = new ConcurrentBag<string>();
        var calls = new CallCounter();
        using var siloClient = cluster.Silos[0].CreateClient(cluster.ApiKey);
        KeysClient[] clients = [cluster.FrontEndClient, siloClient];
        var workers = clients.Select(client => Task.Run(() => CallContinuouslyAsync(client))).ToList();

        await calls.WaitForAsync(callsPerPhase, LoadTimeout);
        var stopping = cluster.Silos[1].StopAsync();
        await Wait.UntilAsync(
            async () => await cluster.Silos[1].GetReadinessAsync() == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, await stopping);
        await calls.WaitForAsync(callsPerPhase, LoadTimeout);
        await load.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Empty(failures);

        async Task CallContinuouslyAsync(KeysClient client)
        {
            while (!load.IsCancellationRequested)
            {
                var created = Record(await client.SendCreateAsync());
                if (created.Status != HttpStatusCode.Created) continue;
                var id = created.Json.GetProperty("virtual_key").GetProperty("id").GetString()!;
                Record(await client.RotateAsync(id));
                Record(await client.SendVerifyAsync(created.Secret));
                Record(await client.RevokeAsync(id));
            }
        }

        ApiResponse Record(ApiResponse response)
        {
            if ((int)response.Status >= 300) failures.Add($"{response.Status} {response.ErrorCode}");
            calls.Increment();
            return response;
        }
    }

    [Fact]
    public async Task Validation_outlives_PostgreSQL_for_one_lease_then_fails_closed_and_recovers()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var cluster = await FaultyCluster.StartAsync(await server.CreateDatabaseAsync(), silos: 2);
        var keys = await cluster.FrontEndClient.CreateManyAsync(2);
        var ((id, secret), (changedId, _)) = (keys[0], keys[1]);
        using var client = cluster.Silos[0].CreateClient(cluster.ApiKey);
        Assert.Equal("active", await client.VerifyAsync(secret));

        await server.KillAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));

        // Rotates the other key, because a change with an unknown outcome invalidates the cached state of its key.
        Assert.True((await client.RotateAsync(changedId)).IsRetryable);
        await Wait.UntilAsync(async () =>
        {
            var response = await client.SendVerifyAsync(secret);
            return response.IsRetryable && response.ErrorCode == "validation_unavailable";
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await cluster.Silos[0].GetReadinessAsync());

        await server.StartAsync();
        Assert.Equal("active", await client.VerifyWithRetryAsync(secret));
        (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("retiring", await client.VerifyAsync(secret));
    }

    /// <summary>The connection to a silo that hangs stays open.</summary>
    [Fact]
    public async Task A_front_end_is_not_ready_while_no_silo_responds()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var cluster = await FaultyCluster.StartAsync(database, silos: 1);

        cluster.Silos[0].Pause();
        await Wait.UntilAsync(
            async () => await cluster.FrontEnd.GetReadinessAsync() == HttpStatusCode.ServiceUnavailable);

        cluster.Silos[0].Resume();
        await cluster.FrontEnd.WaitUntilReadyAsync();
    }

    /// <summary>
    /// A front end loses no lease to a silo that does not respond, and asks another silo about keys it has not cached.
    /// </summary>
    [Fact]
    public async Task A_front_end_validates_while_a_silo_is_paused_for_two_seconds()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var cluster = await FaultyCluster.StartAsync(database, silos: 3);
        var client = cluster.FrontEndClient;
        var keys = await client.CreateManyAsync(120);
        var (cached, uncached) = (keys.Take(20).ToList(), new Queue<string>(keys.Skip(20).Select(key => key.Secret)));

        // An answer is cached once the silo that gave it has read the log as far as the front end.
        for (var started = Stopwatch.StartNew(); started.Elapsed < TimeSpan.FromSeconds(5);)
            foreach (var (_, secret) in cached) Assert.Equal("active", await client.VerifyAsync(secret));

        // While the processes start, this machine may be too busy to renew a lease in time.
        var outputBefore = cluster.FrontEnd.Output;
        cluster.Silos[1].Pause();
        var resuming = ResumeAsync();
        for (var started = Stopwatch.StartNew(); started.Elapsed < TimeSpan.FromSeconds(5);)
        {
            foreach (var (_, secret) in cached) Assert.Equal("active", await client.VerifyAsync(secret));
            if (uncached.TryDequeue(out var other)) Assert.Equal("active", await client.VerifyWithRetryAsync(other));
        }

        await resuming;
        var output = cluster.FrontEnd.Output[outputBefore.Length..];
        Assert.DoesNotContain("cache cleared", output, StringComparison.Ordinal);

        async Task ResumeAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            cluster.Silos[1].Resume();
        }
    }

    /// <summary>A change that waits for the paused silo must not take its lease away.</summary>
    [Fact]
    public async Task A_silo_that_was_paused_while_changes_waited_for_it_keeps_its_cache()
    {
        await using var server = await PostgresServer.CreateAsync();
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        var settings = new Dictionary<string, string> { ["Cluster:LeaseDuration"] = "00:00:20" };
        await using var silo = await cluster.StartSiloAsync(settings: settings);
        await using var paused = await cluster.StartSiloAsync(settings: settings);
        var apiKey = await cluster.CreateProjectAsync(silo);
        using var client = silo.CreateClient(apiKey);
        using var pausedClient = paused.CreateClient(apiKey);
        var (_, secret) = await client.CreateAsync();
        Assert.Equal("active", await pausedClient.VerifyAsync(secret));
        var revoked = await client.CreateManyAsync(10);
        foreach (var key in revoked) Assert.Equal("active", await pausedClient.VerifyAsync(key.Secret));

        paused.Pause();
        var revoking = Task.WhenAll(revoked.Select(key => client.RevokeAsync(key.Id)));
        await silo.WaitForOutputAsync("Invalidation not acknowledged");
        paused.Resume();
        Assert.All(await revoking, response => Assert.Equal(HttpStatusCode.OK, response.Status));
        await server.KillAsync();

        // Only the cache can answer. It contains no revoked key, except one whose grain is on this silo.
        Assert.Equal("active", await pausedClient.VerifyAsync(secret));
        foreach (var key in revoked)
        {
            var response = await pausedClient.SendVerifyAsync(key.Secret);
            Assert.True(
                response.IsRetryable || response.Json.GetProperty("code").GetString() == "revoked", response.Body);
        }

        Assert.DoesNotContain("cache cleared", paused.Output, StringComparison.Ordinal);
    }

    private static async Task<long> CountActiveLeasesAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            "SELECT count(*) FROM KeysLease");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

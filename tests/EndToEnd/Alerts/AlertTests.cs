using System.Net;
using System.Security.Cryptography;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests.Alerts;

/// <summary>Each alert is fired by its real fault, through a real Prometheus with the rules that are shipped.</summary>
[Trait("Speed", "slow")]
public sealed class AlertTests
{
    [Fact]
    public async Task A_killed_silo_is_reported_and_so_are_the_revokes_that_wait_for_it()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 2);
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        using var client = watched.Silos[0].CreateClient(watched.ApiKey);

        // A first wait, which the rate of the histogram begins with.
        (await client.RevokeAsync((await client.CreateAsync()).Id)).EnsureStatus(HttpStatusCode.OK);
        var (id, _) = await client.CreateAsync();
        await prometheus.WaitForScrapeAsync();

        await watched.Silos[1].KillAsync();
        await KeysClient.RetryWhileUnavailableAsync(() => client.RevokeAsync(id));

        await prometheus.WaitForAlertAsync("KeysProcessDown");
        await prometheus.WaitForAlertAsync("KeysInvalidationSlow");
    }

    [Fact]
    public async Task An_outage_of_PostgreSQL_is_reported_during_and_after_it()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 1);
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        using var client = watched.Silos[0].CreateClient(watched.ApiKey);
        var (id, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
        await prometheus.WaitForScrapeAsync();

        await watched.Server.StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.RotateAsync(id)).Status);
        await prometheus.WaitForAlertAsync("KeysLeaseFailing");
        await prometheus.WaitForAlertAsync("KeysLeaseMissing");
        Assert.True((await client.SendVerifyAsync(secret)).IsRetryable);
        await prometheus.WaitForAlertAsync("KeysValidationsUnavailable");
        await prometheus.WaitForAlertAsync("KeysWritesFailing");

        await watched.Server.StartAsync();
        await watched.Silos[0].WaitUntilReadyAsync();
        await prometheus.WaitForAlertAsync("KeysLeaseLost");
    }

    [Fact]
    public async Task A_silo_with_a_wrong_clock_is_reported()
    {
        using var clock = new FakeClock(TimeSpan.Zero);
        await using var watched = await WatchedCluster.StartAsync(
            silos: 1, new() { ["Cluster:MaxClockOffset"] = "00:00:00.300" }, clock.Environment);
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);

        clock.Set(TimeSpan.FromSeconds(0.8));

        await prometheus.WaitForAlertAsync("KeysClockOffset");
        await prometheus.WaitForAlertAsync("KeysClockWrong");
    }

    /// <summary>The grain of the key cannot read its state, and erases nothing.</summary>
    [Fact]
    public async Task An_altered_state_is_reported_and_so_is_the_erasure_that_it_prevents()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 1);
        string id, secret;
        using (var client = watched.Silos[0].CreateClient(watched.ApiKey))
        {
            (id, secret) = await client.CreateAsync();
            (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        }

        await watched.Silos[0].StopAsync();
        await ExecuteAsync(watched, $"""
            UPDATE OrleansStorage
            SET PayloadBinary = replace(convert_from(PayloadBinary, 'UTF8'), 'a key', 'mine!')::bytea
            WHERE GrainIdExtensionString = '{id}'
            """);
        await ExecuteAsync(watched, "UPDATE OrleansRemindersTable SET StartTime = now() - interval '2 hours'");
        await using var restarted = await watched.StartSiloAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(restarted);

        using var reader = restarted.CreateClient(watched.ApiKey);
        Assert.True((await reader.SendVerifyAsync(secret)).IsRetryable);
        await prometheus.WaitForAlertAsync("KeysStatesAltered");
        await prometheus.WaitForAlertAsync("KeysErasuresOverdue");
    }

    [Fact]
    public async Task A_silo_without_one_of_the_peppers_is_reported()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 1);
        await using var other = await watched.StartSiloAsync(new()
        {
            ["Keys:Peppers:next"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Keys:CurrentPepper"] = "next",
        });
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        using var creator = other.CreateClient(watched.ApiKey);
        using var reader = watched.Silos[0].CreateClient(watched.ApiKey);

        // A key whose grain is on the silo that has the pepper is hashed under it, and so is the MAC of its state.
        foreach (var (_, secret) in await creator.CreateManyAsync(20)) await reader.SendVerifyAsync(secret);

        await prometheus.WaitForAlertAsync("KeysPepperMissing");
        Assert.DoesNotContain("KeysStatesAltered", await prometheus.GetAlertsSoFarAsync());
    }

    [Fact]
    public async Task Tried_keys_and_calls_beyond_a_limit_are_reported()
    {
        await using var watched = await WatchedCluster.StartAsync(
            silos: 1, new() { ["Api:RequestsPerSecond"] = "1" });
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        using var client = watched.Silos[0].CreateClient(watched.ApiKey);
        using var guessing = watched.Silos[0].CreateClient("sk-lw-nonsense");

        // A rate of more than one per second in five minutes.
        for (var i = 0; i < 600; i++)
        {
            await client.ListAsync();
            await guessing.ListAsync();
        }

        await prometheus.WaitForAlertAsync("KeysRateLimited");
        await prometheus.WaitForAlertAsync("KeysAuthenticationsFailing");
    }

    [Fact]
    public async Task Webhooks_that_lag_or_are_disabled_are_reported()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 1);
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        using var client = watched.Silos[0].CreateClient(watched.ApiKey);

        // An endpoint that is slow.
        using var receiver = new WebhookReceiver { ResponseTime = TimeSpan.FromSeconds(3) };
        var webhook = new { url = receiver.Url, event_types = new[] { "virtual_key.created" } };
        (await client.SendAsync(HttpMethod.Post, Routes.Webhooks, webhook)).EnsureStatus(HttpStatusCode.Created);

        // While the silo cannot use the table of deliveries, keys are created. Then their deliveries are long due.
        await ExecuteAsync(watched, "ALTER TABLE KeysWebhookDelivery RENAME TO Renamed");
        await client.CreateManyAsync(30);
        await prometheus.WaitForAlertAsync("KeysEventsLagging");
        await ExecuteAsync(watched, """
            CREATE FUNCTION make_due() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.NextAttemptAt := '2026-01-01T00:00:00.000Z';
                RETURN NEW;
            END $$
            """);
        await ExecuteAsync(
            watched, "CREATE TRIGGER due BEFORE INSERT ON Renamed FOR EACH ROW EXECUTE FUNCTION make_due()");
        await ExecuteAsync(watched, "ALTER TABLE Renamed RENAME TO KeysWebhookDelivery");
        await prometheus.WaitForAlertAsync("KeysWebhooksLagging");

        // And then accepts nothing.
        receiver.ResponseTime = TimeSpan.Zero;
        receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        await client.CreateAsync();

        // As if it had accepted nothing for long. Again, because one for which it was slow may just have been accepted.
        await Wait.UntilAsync(
            async () =>
            {
                await TryExecuteAsync(watched, """
                    DELETE FROM KeysWebhookDelivery WHERE Status = 1;
                    UPDATE KeysWebhookDelivery SET FailingSince = '2026-01-01T00:00:00.000Z'
                    WHERE FailingSince IS NOT NULL
                    """);
                var webhooks = (await client.SendAsync(HttpMethod.Get, Routes.Webhooks, null)).Json.GetProperty("data");
                return webhooks[0].GetProperty("status").GetString() == "disabled";
            },
            TimeSpan.FromMinutes(1));
        await prometheus.WaitForAlertAsync("KeysWebhooksDisabled");
    }

    private static async Task ExecuteAsync(WatchedCluster watched, string sql) =>
        Assert.NotEqual(0, await TryExecuteAsync(watched, sql));

    /// <summary>Returns the number of rows; -1 for a statement that changes none.</summary>
    private static async Task<int> TryExecuteAsync(WatchedCluster watched, string sql)
    {
        await using var database = NpgsqlDataSource.Create(watched.Service.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}

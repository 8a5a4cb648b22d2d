using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Clusters of processes whose clocks differ.</summary>
public sealed partial class ClusterClockTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(2);

    /// <summary>The time of grains follows a clock that was set ahead after three minutes.</summary>
    private static readonly TimeSpan AdoptionTimeout = TimeSpan.FromMinutes(4);

    /// <summary>A silo with a wrong clock leaves after a minute.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    public async Task A_silo_that_starts_with_a_wrong_clock_exits_and_names_both_clocks(int seconds)
    {
        var cluster = await postgres.CreateClusterAsync();
        using var clock = new FakeClock(TimeSpan.FromSeconds(seconds));

        var (exitCode, output) = await ServiceProcess.RunToExitAsync(
            "Silo", cluster.CreateSettings(), clock.Environment);

        Assert.Equal(1, exitCode);
        var message = ClocksPattern().Match(output);
        Assert.True(message.Success, output);
        var (own, database) = (Parse(message.Groups["own"]), Parse(message.Groups["database"]));
        Assert.InRange((own - database).TotalSeconds, seconds - 5, seconds + 5);
        Assert.Equal(0, await CountLeasesAsync(cluster));

        static DateTimeOffset Parse(Group time) => DateTimeOffset.Parse(time.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>It gets no lease, but the clock of the silo decides about each validation.</summary>
    [Fact]
    public async Task A_front_end_with_a_wrong_clock_validates_through_silos_until_the_clock_is_corrected()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();

        // A clock that is corrected by being set back runs 2 % slower until then: 15 s for the last 300 ms.
        using var clock = new FakeClock(TimeSpan.FromSeconds(1.3));
        await using var frontEnd = ServiceProcess.Launch("Api", cluster.CreateSettings(), clock.Environment);

        await frontEnd.WaitForOutputAsync("differs from that of a silo");
        await Wait.UntilAsync(async () => await frontEnd.GetReadinessAsync() == HttpStatusCode.OK);
        using var anonymous = frontEnd.CreateClient();
        var readiness = await anonymous.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal("degraded", readiness.Json.GetProperty("status").GetString());
        Assert.Contains("There is no valid lease", readiness.Body, StringComparison.Ordinal);
        using var client = frontEnd.CreateClient(await cluster.CreateProjectAsync(frontEnd));
        var (id, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
        (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyAsync(secret));
        await Wait.UntilAsync(async () => await CountLeasesAsync(cluster) == 1);

        clock.Set(TimeSpan.Zero);
        await frontEnd.WaitUntilReadyAsync();
    }

    /// <summary>
    /// An erasure is final for the whole cluster. A silo that considers valid secrets expired must not cause one.
    /// </summary>
    [Fact, Trait("Speed", "slow")]
    public async Task A_silo_whose_clock_is_set_ahead_erases_nothing_and_leaves()
    {
        var cluster = await postgres.CreateClusterAsync();
        using var clock = new FakeClock(TimeSpan.Zero);
        await using var correct = await cluster.StartSiloAsync();
        await using var wrong = await cluster.StartSiloAsync(environment: clock.Environment);
        var apiKey = await cluster.CreateProjectAsync(correct);
        using var client = correct.CreateClient(apiKey);
        using var wrongClient = wrong.CreateClient(apiKey);

        // The grains of half of them are on the silo whose clock will be wrong.
        var keys = await client.CreateManyAsync(20);
        foreach (var (id, _) in keys)
        {
            (await client.SendAsync(HttpMethod.Post, Routes.Rotate(id), new { grace_period_seconds = 3600 }))
                .EnsureStatus(HttpStatusCode.OK);
        }

        await AssertRetiringAsync(client);
        await AssertRetiringAsync(wrongClient);
        Assert.Equal(2, await CountLeasesAsync(cluster));

        clock.Set(Step);
        await Wait.UntilAsync(async () =>
        {
            await AssertRetiringAsync(client);
            await AssertRetiringOrUnavailableAsync();
            return await wrong.GetReadinessAsync() == HttpStatusCode.ServiceUnavailable;
        }, AdoptionTimeout, "the silo is not ready");
        await wrong.WaitForOutputAsync("differs from that of the database");
        await Wait.UntilAsync(async () => await CountLeasesAsync(cluster) == 1);

        await Wait.UntilAsync(async () =>
        {
            await AssertRetiringAsync(client);
            return wrong.HasExited;
        }, LeaveTimeout, "the silo has left");
        Assert.Equal(1, wrong.ExitCode);
        await wrong.WaitForOutputAsync("has differed from that of the database for a minute");

        foreach (var (id, secret) in keys)
        {
            Assert.Equal("retiring", await client.VerifyWithRetryAsync(secret));
            var key = (await KeysClient.RetryWhileUnavailableAsync(() => client.GetAsync(id))).Json;
            Assert.Equal(1, key.GetProperty("virtual_key").GetProperty("retiring_secrets").GetArrayLength());
        }

        async Task AssertRetiringAsync(KeysClient caller)
        {
            foreach (var (_, secret) in keys) Assert.Equal("retiring", await caller.VerifyWithRetryAsync(secret));
        }

        async Task AssertRetiringOrUnavailableAsync()
        {
            foreach (var (_, secret) in keys)
            {
                var response = await wrongClient.SendVerifyAsync(secret);
                if (!response.IsRetryable)
                    Assert.Equal("retiring", response.Json.GetProperty("code").GetString());
            }
        }
    }

    private static async Task<long> CountLeasesAsync(ClusterService cluster)
    {
        await using var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM KeysLease");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [GeneratedRegex("The clock of this machine shows (?<own>[^ ]+), that of the database (?<database>[^ ]+)\\. ")]
    private static partial Regex ClocksPattern();
}

using System.Globalization;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A node whose wall clock is set while it runs.</summary>
public sealed class ClockStepTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>The offsets from the real time, one after the other: back, and ahead and right again.</summary>
    private static readonly TimeSpan[] Offsets =
    [
        TimeSpan.FromSeconds(-20), TimeSpan.FromMinutes(-5), TimeSpan.FromHours(-1), TimeSpan.Zero,
        TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.FromHours(25), TimeSpan.Zero,
    ];

    [Theory]
    [InlineData(TopologyKind.Embedded)]
    [InlineData(TopologyKind.Cluster)]
    public async Task A_step_of_the_wall_clock_costs_no_request_and_restores_no_secret(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        string apiKey;
        IReadOnlyList<(string Id, string Secret)> keys;
        await using (var first = await topology.StartAsync())
        {
            apiKey = await topology.GetApiKeyAsync(first);
            using var creator = first.CreateClient(apiKey);
            keys = await creator.CreateManyAsync(Offsets.Length);
            await first.StopAsync();
        }

        // After the restart, no key has an activation: a collector that stops with the wall clock would prevent one.
        using var clock = new FakeClock(TimeSpan.Zero);
        await using var node = await topology.StartAsync(clock.Environment);
        using var client = node.CreateClient(apiKey);
        var (expiredId, expired) = await client.CreateAsync();
        (await client.SendAsync(HttpMethod.Post, Routes.Rotate(expiredId), new { grace_period_seconds = 1 }))
            .EnsureStatus(HttpStatusCode.OK);
        await Wait.UntilAsync(async () => await client.VerifyAsync(expired) is "expired" or "not_found");
        var (_, valid) = await client.CreateAsync();

        foreach (var (offset, (id, secret)) in Offsets.Zip(keys))
        {
            clock.Set(offset);
            await Wait.UntilAsync(async () =>
            {
                var expected = TimeProvider.System.GetUtcNow() + offset;
                return (await GetWallClockAsync(client) - expected).Duration() < FakeClock.MaxDelay;
            });

            var (created, replaced) = await client.CreateAsync();
            var rotation = await client.RotateAsync(created);
            rotation.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("active", await client.VerifyAsync(rotation.Secret));
            Assert.Equal("retiring", await client.VerifyAsync(replaced));
            (await client.ListAsync()).EnsureStatus(HttpStatusCode.OK);
            (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("revoked", await client.VerifyAsync(secret));
            Assert.Equal("active", await client.VerifyAsync(valid));
            Assert.Contains(await client.VerifyAsync(expired), (string[])["expired", "not_found"]);
            Assert.Equal(HttpStatusCode.OK, await node.GetReadinessAsync());
        }
    }

    /// <summary>Returns the wall clock of a node, to a second, from a header that Kestrel writes.</summary>
    private static async Task<DateTimeOffset> GetWallClockAsync(KeysClient client)
    {
        using var response = await client.Http.GetAsync("/health/live");
        return DateTimeOffset.Parse(
            response.Headers.GetValues("Date").Single(), CultureInfo.InvariantCulture);
    }
}

using System.Net;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;

namespace KeysCluster.EndToEnd.Tests;

public sealed class StorageOutageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Calls_return_503_during_a_PostgreSQL_outage_and_no_acknowledged_change_is_lost()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        using var admin = silo.CreateClient(cluster.AdminKey);
        using var anonymous = silo.CreateClient();
        var (id, first) = await client.CreateAsync();
        var second = (await client.RotateAsync(id)).Secret;
        var (otherId, _) = await client.CreateAsync();

        await postgres.Server.StopAsync();
        ApiResponse[] responses =
        [
            await client.RotateAsync(id),
            await client.RotateAsync(id),
            await client.RevokeAsync(otherId),
            await client.SendCreateAsync(),
            await client.ListAsync(),
            await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "another" }),
            await client.GetAsync($"vk_{id[3..^4]}0000"),
        ];
        foreach (var response in responses)
        {
            Assert.True(response.IsRetryable, $"{response.Status} {response.Body}");
            Assert.Equal("storage_unavailable", response.ErrorCode);
            Assert.DoesNotContain("127.0.0.1", response.Body, StringComparison.Ordinal);
        }

        // The silo stays ready while it has a lease.
        await Wait.UntilAsync(async () =>
        {
            var readiness = await anonymous.SendAsync(HttpMethod.Get, "/health/ready");
            return readiness.Status == HttpStatusCode.ServiceUnavailable;
        });
        var liveness = await anonymous.SendAsync(HttpMethod.Get, "/health/live");
        Assert.Equal(HttpStatusCode.OK, liveness.Status);

        await postgres.Server.StartAsync();
        await silo.WaitUntilReadyAsync();

        Assert.Equal("retiring", await client.VerifyWithRetryAsync(first));
        Assert.Equal("active", await client.VerifyWithRetryAsync(second));
        var key = (await client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Equal("2", key.GetProperty("revision").GetString());
        (await KeysClient.RetryWhileUnavailableAsync(() => client.RotateAsync(id))).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Changes_return_503_while_SQLite_is_locked_and_cached_validations_continue()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var client = process.CreateClient(service.ApiKey);
        using var anonymous = process.CreateClient();
        var (id, secret) = await client.CreateAsync();
        var (otherId, _) = await client.CreateAsync();

        ApiResponse rotation;
        await using (var connection = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var exclusiveTransaction = connection.BeginTransaction(deferred: false);
            rotation = await client.RotateAsync(id);
            Assert.Equal("active", await client.VerifyAsync(secret));
            Assert.Equal("degraded", await GetReadinessAsync());
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, rotation.Status);
        Assert.Equal("storage_unavailable", rotation.ErrorCode);
        (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await client.RevokeAsync(otherId)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("retiring", await client.VerifyAsync(secret));
        await Wait.UntilAsync(async () => await GetReadinessAsync() == "ready");

        async Task<string?> GetReadinessAsync()
        {
            var readiness = await anonymous.SendAsync(HttpMethod.Get, "/health/ready");
            Assert.Equal(HttpStatusCode.OK, readiness.Status);
            return readiness.Json.GetProperty("status").GetString();
        }
    }
}

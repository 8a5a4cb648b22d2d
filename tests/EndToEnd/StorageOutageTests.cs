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
        await using var node = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(node);
        using var client = node.CreateClient(apiKey);
        using var admin = node.CreateClient(cluster.AdminKey);
        var (id, first) = await client.CreateAsync();
        var second = (await client.RotateAsync(id)).Secret;
        var (coldId, _) = await client.CreateAsync();

        await postgres.Server.StopAsync();
        ApiResponse[] answers =
        [
            await client.RotateAsync(id),
            await client.RotateAsync(id),
            await client.RevokeAsync(coldId),
            await client.SendAsync(HttpMethod.Post, "/api/gateway/v1/virtual-keys", new { name = "another" }),
            await client.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys"),
            await admin.SendAsync(HttpMethod.Post, "/api/projects", new { name = "another" }),
            await client.SendAsync(HttpMethod.Get, $"/api/gateway/v1/virtual-keys/vk_{id[3..^4]}0000"),
        ];
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Equal("storage_unavailable", answer.ErrorCode);
            Assert.True(answer.Headers.ContainsKey("Retry-After"));
            Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
        }

        using (var anyone = node.CreateClient())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await anyone.SendAsync(HttpMethod.Get, "/health/ready")).Status);
            Assert.Equal(HttpStatusCode.OK, (await anyone.SendAsync(HttpMethod.Get, "/health/live")).Status);
        }

        await postgres.Server.StartAsync();
        await node.WaitUntilReadyAsync();

        Assert.Equal("retiring", await client.VerifyWithRetryAsync(first));
        Assert.Equal("active", await client.VerifyWithRetryAsync(second));
        var key = (await client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Equal("2", key.GetProperty("revision").GetString());
        await Poll.UntilAsync(
            async () => (await client.RotateAsync(id)).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Changes_return_503_while_SQLite_is_locked_and_cached_validations_continue()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var client = process.CreateClient(service.ApiKey);
        var (id, first) = await client.CreateAsync();
        var (coldId, _) = await client.CreateAsync();

        ApiResponse rotation;
        await using (var locker = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=false"))
        {
            await locker.OpenAsync();
            await using var transaction = locker.BeginTransaction(deferred: false);
            rotation = await client.RotateAsync(id);
            Assert.Equal("active", await client.VerifyAsync(first));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, rotation.Status);
        Assert.Equal("storage_unavailable", rotation.ErrorCode);
        (await client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        (await client.RevokeAsync(coldId)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("retiring", await client.VerifyAsync(first));
    }
}

using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A client that did not receive the response to its rotation.</summary>
public sealed class LostResponseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_retry_through_another_front_end_after_a_crash_returns_the_lost_secret()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        var frontEnds = await Task.WhenAll(cluster.StartFrontEndAsync(), cluster.StartFrontEndAsync());
        await using var crashing = frontEnds[0];
        await using var surviving = frontEnds[1];
        var apiKey = await cluster.CreateProjectAsync(surviving);
        using var crashingClient = crashing.CreateClient(apiKey);
        using var client = surviving.CreateClient(apiKey);
        var (id, original) = await crashingClient.CreateAsync();
        var path = Routes.Rotate(id);
        var idempotencyKey = Guid.NewGuid().ToString();

        // The client does not receive this response. The test compares it with that to the retry.
        var lost = await crashingClient.PostIdempotentAsync(idempotencyKey, path);
        lost.EnsureStatus(HttpStatusCode.OK);
        await Task.WhenAll(crashing.KillAsync(), silo.KillAsync());
        await using var restarted = await cluster.StartSiloAsync();
        await surviving.WaitUntilReadyAsync();

        var retry = await KeysClient.RetryWhileUnavailableAsync(
            () => client.PostIdempotentAsync(idempotencyKey, path));
        retry.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("true", retry.Headers["Idempotent-Replayed"]);
        Assert.Equal(lost.Secret, retry.Secret);
        Assert.Equal("active", await client.VerifyAsync(retry.Secret));
        Assert.Equal("retiring", await client.VerifyAsync(original));

        var next = await client.RotateAsync(id);
        next.EnsureStatus(HttpStatusCode.OK);
        Assert.DoesNotContain(next.Secret, new[] { original, lost.Secret });
        Assert.Equal("active", await client.VerifyAsync(next.Secret));
        foreach (var secret in new[] { original, lost.Secret })
            Assert.Equal("retiring", await client.VerifyAsync(secret));
        Assert.Equal(lost.Secret, (await client.PostIdempotentAsync(idempotencyKey, path)).Secret);
    }
}

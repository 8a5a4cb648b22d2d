using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A client that never got the answer to its rotation.</summary>
public sealed class LostResponseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_retry_through_another_front_end_after_a_crash_returns_the_lost_secret()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        var frontEnds = await Task.WhenAll(cluster.StartFrontEndAsync(), cluster.StartFrontEndAsync());
        await using var first = frontEnds[0];
        await using var second = frontEnds[1];
        var apiKey = await cluster.CreateProjectAsync(second);
        using var onFirst = first.CreateClient(apiKey);
        using var onSecond = second.CreateClient(apiKey);
        var (id, original) = await onFirst.CreateAsync();
        var rotate = $"/api/gateway/v1/virtual-keys/{id}/rotate";
        var key = Guid.NewGuid().ToString();

        // The client does not get this one; the test keeps it to compare.
        var lost = await onFirst.PostIdempotentAsync(key, rotate);
        lost.EnsureStatus(HttpStatusCode.OK);
        await Task.WhenAll(first.KillAsync(), silo.KillAsync());
        await using var restarted = await cluster.StartSiloAsync();
        await second.WaitUntilReadyAsync();

        var retried = await KeysClient.RetryWhileUnavailableAsync(() => onSecond.PostIdempotentAsync(key, rotate));
        retried.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("true", retried.Headers["Idempotent-Replayed"]);
        Assert.Equal(lost.Body, retried.Body);
        Assert.Equal("active", await onSecond.VerifyAsync(retried.Secret));
        Assert.Equal("retiring", await onSecond.VerifyAsync(original));

        var third = await onSecond.RotateAsync(id);
        third.EnsureStatus(HttpStatusCode.OK);
        Assert.DoesNotContain(third.Secret, new[] { original, lost.Secret });
        Assert.Equal("active", await onSecond.VerifyAsync(third.Secret));
        foreach (var secret in new[] { original, lost.Secret }) Assert.Equal("retiring", await onSecond.VerifyAsync(secret));
        Assert.Equal(lost.Body, (await onSecond.PostIdempotentAsync(key, rotate)).Body);
    }
}

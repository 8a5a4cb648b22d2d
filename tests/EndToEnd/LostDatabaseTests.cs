using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>The embedded topology, whose database disappears while it runs.</summary>
public sealed class LostDatabaseTests
{
    private const int CallsPerPhase = 20;

    private bool _isDeleted;

    [Fact]
    public async Task No_change_is_acknowledged_into_a_deleted_data_folder_and_cached_validations_continue()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var client = process.CreateClient(service.ApiKey);
        using var anonymous = process.CreateClient();
        var (id, _) = await client.CreateAsync();
        var (otherId, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
        var calls = new CallCounter();
        using var load = new CancellationTokenSource();
        var rotating = Task.Run(RotateAsync);
        await calls.WaitForAsync(CallsPerPhase, Wait.Timeout);

        Directory.Delete(service.DataDirectory, recursive: true);
        Volatile.Write(ref _isDeleted, true);
        await calls.WaitForAsync(CallsPerPhase, Wait.Timeout);
        await load.CancelAsync();
        var responses = await rotating;

        Assert.Contains(
            responses, response => !response.AfterDeletion && response.Response.Status == HttpStatusCode.OK);
        Assert.All(
            responses.Where(response => response.AfterDeletion),
            response => AssertUnavailable(response.Response));
        Assert.Equal("active", await client.VerifyAsync(secret));
        AssertUnavailable(await client.RevokeAsync(otherId));
        AssertUnavailable(await client.SendCreateAsync());
        AssertUnavailable(await client.ListAsync());
        Assert.False(Directory.Exists(service.DataDirectory));
        await process.WaitForOutputAsync($"The database file {service.DatabaseFile} is gone");

        ApiResponse? readiness = null;
        await Wait.UntilAsync(async () =>
        {
            readiness = await anonymous.SendAsync(HttpMethod.Get, "/health/ready");
            return readiness.Json.GetProperty("status").GetString() == "degraded";
        });
        Assert.Equal(HttpStatusCode.OK, readiness!.Status);
        Assert.Contains("is gone", readiness.Body, StringComparison.Ordinal);

        async Task<List<(bool AfterDeletion, ApiResponse Response)>> RotateAsync()
        {
            var body = new { grace_period_seconds = 0 };
            var responses = new List<(bool, ApiResponse)>();
            while (!load.IsCancellationRequested)
            {
                var afterDeletion = Volatile.Read(ref _isDeleted);
                responses.Add((afterDeletion, await client.SendAsync(HttpMethod.Post, Routes.Rotate(id), body)));
                calls.Increment();
            }

            return responses;
        }
    }

    private static void AssertUnavailable(ApiResponse response)
    {
        Assert.True(response.IsRetryable, $"{response.Status} {response.Body}");
        Assert.Equal("storage_unavailable", response.ErrorCode);
    }
}

using System.Globalization;
using KeysCluster.Contract.Tests.Services;
using Microsoft.Data.Sqlite;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>Validates the responses of a service that cannot rotate for now against the published contract.</summary>
public sealed class RotateUnavailableTests
{
    [Fact]
    public async Task A_rotation_above_the_rate_limit_is_429_and_does_not_rotate()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(
            new Dictionary<string, string> { ["Api__RequestsPerSecond"] = "1" });
        using var client = process.CreateClient(service.ApiKey);
        var (id, _) = await client.CreateAsync();
        var rotations = 0;
        ApiResponse response;
        while ((response = await client.RotateAsync(id)).Status == HttpStatusCode.OK) rotations++;

        await RotateContract.AssertMatchesAsync(response, 429);
        Assert.Equal("too_many_requests", response.ErrorCode);
        Assert.Equal("1", response.Headers["Retry-After"]);
        await Wait.UntilAsync(async () => (response = await client.GetAsync(id)).Status == HttpStatusCode.OK);
        Assert.Equal(1 + rotations, int.Parse(Text(response.VirtualKey, "revision"), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_rotation_while_storage_is_unavailable_is_503()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        using var client = process.CreateClient(service.ApiKey);
        var (id, _) = await client.CreateAsync();
        await using var connection = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        await using var exclusiveTransaction = connection.BeginTransaction(deferred: false);

        var response = await client.RotateAsync(id);

        await RotateContract.AssertMatchesAsync(response, 503);
        Assert.Equal("storage_unavailable", response.ErrorCode);
        Assert.Contains("Retry-After", response.Headers.Keys);
    }
}

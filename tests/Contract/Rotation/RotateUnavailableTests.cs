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

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.RotateAsync(id)));

        var refused = responses.Where(response => response.Status != HttpStatusCode.OK).ToList();
        Assert.NotEmpty(refused);
        foreach (var response in refused)
        {
            await RotateContract.AssertMatchesAsync(response, 429);
            Assert.Equal("too_many_requests", response.ErrorCode);
            Assert.Equal("1", response.Headers["Retry-After"]);
        }

        var read = refused[0];
        await Wait.UntilAsync(async () => (read = await client.GetAsync(id)).Status == HttpStatusCode.OK);
        var rotations = responses.Length - refused.Count;
        Assert.Equal(1 + rotations, int.Parse(Text(read.VirtualKey, "revision"), CultureInfo.InvariantCulture));
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

namespace KeysCluster.Contract.Tests.Errors;

public sealed class RateLimitTests
{
    /// <summary>Whoever finds a leaked API key must not keep its owner from ending what it can do.</summary>
    [Fact]
    public async Task A_flood_of_other_calls_does_not_use_up_the_limit_of_revoke_and_rotating_an_API_key()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(
            new Dictionary<string, string> { ["Api__RequestsPerSecond"] = "1" });
        using var admin = process.CreateClient(service.AdminKey);
        var projects = (await admin.SendAsync(HttpMethod.Get, Routes.Projects)).Json.GetProperty("data");
        var project = projects[0].GetProperty("id").GetString()!;
        using var client = process.CreateClient(service.ApiKey);
        var (id, _) = await client.CreateAsync();
        ApiResponse flood;
        do
        {
            flood = await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys);
        }
        while (flood.Status == HttpStatusCode.OK);

        flood.EnsureStatus(HttpStatusCode.TooManyRequests);
        Assert.Equal("1", flood.Headers["Retry-After"]);
        (await client.SendAsync(HttpMethod.Post, Routes.Revoke(id))).EnsureStatus(HttpStatusCode.OK);
        (await client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project))).EnsureStatus(HttpStatusCode.OK);
    }
}

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

    [Fact]
    public async Task A_response_shows_what_is_left_of_its_limit()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(
            new Dictionary<string, string>
            {
                ["Api__RequestsPerSecond"] = "50",
                ["Api__VerificationsPerSecond"] = "1",
            });
        using var client = process.CreateClient(service.ApiKey);

        var list = await client.ListAsync();
        Assert.Equal("\"management\";q=100;w=2", list.Headers["RateLimit-Policy"]);
        Assert.Matches("^\"management\";r=9[0-9];t=1$", list.Headers["RateLimit"]);

        ApiResponse refused;
        do
        {
            refused = await client.SendVerifyAsync("malformed");
            Assert.Equal("\"verification\";q=2;w=2", refused.Headers["RateLimit-Policy"]);
        }
        while (refused.Status == HttpStatusCode.OK);

        ErrorAssert.IsError(refused, 429, "too_many_requests");
        Assert.Equal("\"verification\";r=0;t=2", refused.Headers["RateLimit"]);
        Assert.Equal("1", refused.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_flood_of_unknown_secrets_is_limited_and_refuses_no_cached_one()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(
            new Dictionary<string, string> { ["Api__InvalidVerificationsPerSecond"] = "1" });
        using var client = process.CreateClient(service.ApiKey);
        var (_, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));

        ApiResponse refused;
        do
        {
            refused = await client.SendVerifyAsync(ForgedSecret.WithDifferentOwner(secret));
        }
        while (refused.Status == HttpStatusCode.OK);

        ErrorAssert.IsError(refused, 429, "too_many_failures");
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal("active", await client.VerifyAsync(secret));
        Assert.Equal("malformed", await client.VerifyAsync("malformed"));
    }
}

using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.VirtualKeys;

public abstract class VirtualKeyExpiryTests(TestService service)
{
    private static readonly TimeSpan ShortLifetime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_expiry_can_be_set_changed_and_cleared_with_null()
    {
        using var project = await service.CreateProjectAsync();
        var expiry = Timestamps.FromNow(TimeSpan.FromDays(400));
        var (id, _, created) = await CreateAsync(project, expiry);
        AssertVirtualKeyShape(created);
        Assert.Equal(expiry, Text(created, "expires_at"));

        var renamed = await PatchAsync(project, id, """{"name":"m"}""");
        Assert.Equal(expiry, Text(renamed, "expires_at"));
        var later = Timestamps.FromNow(TimeSpan.FromDays(500));
        Assert.Equal(later, Text(await PatchAsync(project, id, $$"""{"expires_at":"{{later}}"}"""), "expires_at"));
        var cleared = await PatchAsync(project, id, """{"expires_at":null}""");
        Assert.Null(TextOrNull(cleared, "expires_at"));
        Assert.Equal("4", Text(cleared, "revision"));
        Assert.Equal(cleared.ToString(), (await PatchAsync(project, id, """{"expires_at":null}""")).ToString());
    }

    [Fact]
    public async Task An_expired_key_refuses_every_secret_and_extending_it_restores_the_current_one()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first, _) = await CreateAsync(project, Timestamps.FromNow(TimeSpan.FromDays(1)));
        var second = (await project.Client.RotateAsync(id)).Secret;
        var soon = Timestamps.FromNow(ShortLifetime);
        await PatchAsync(project, id, $$"""{"expires_at":"{{soon}}"}""");

        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(second) != "active", PollTimeout);
        var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = second });
        Assert.Equal("expired", Text(verdict.Json, "code"));
        Assert.False(verdict.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("active", Text(verdict.Json.GetProperty("virtual_key"), "status"));
        Assert.Contains(await project.Client.VerifyAsync(first), new[] { "expired", "expired_secret" });

        await PatchAsync(project, id, $$"""{"expires_at":"{{Timestamps.FromNow(TimeSpan.FromDays(1))}}"}""");
        Assert.Equal("active", await project.Client.VerifyAsync(second));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(first));
    }

    [Fact]
    public async Task Clearing_the_expiry_of_an_expired_key_makes_it_valid_again()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await CreateAsync(project, Timestamps.FromNow(ShortLifetime));
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(secret) == "expired", PollTimeout);
        await PatchAsync(project, id, """{"expires_at":null}""");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_retiring_secret_never_outlives_its_key()
    {
        using var project = await service.CreateProjectAsync();
        var expiry = Timestamps.FromNow(TimeSpan.FromHours(2));
        var (id, _, _) = await CreateAsync(project, expiry);
        var rotated = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), """{"grace_period_seconds":2592000}""");
        rotated.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(expiry, GetDeadline(rotated.Json.GetProperty("virtual_key")));

        var earlier = Timestamps.FromNow(TimeSpan.FromHours(1));
        Assert.Equal(earlier, GetDeadline(await PatchAsync(project, id, $$"""{"expires_at":"{{earlier}}"}""")));
        Assert.Equal(earlier, GetDeadline(await PatchAsync(project, id, """{"expires_at":null}""")));
    }

    [Fact]
    public async Task A_grace_period_shorter_than_the_remaining_lifetime_of_the_key_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _, _) = await CreateAsync(project, Timestamps.FromNow(TimeSpan.FromHours(2)));
        var key = (await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), """{"grace_period_seconds":60}"""))
            .Json.GetProperty("virtual_key");
        Assert.Equal(Timestamps.Format(Timestamp(key, "updated_at")!.Value.AddSeconds(60)), GetDeadline(key));
    }

    [Fact]
    public async Task An_invalid_expiry_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Body;
        string[] values =
        [
            $"\"{Timestamps.FromNow(TimeSpan.FromSeconds(-1))}\"", "\"1970-01-01T00:00:00Z\"", "\"2100-01-01T00:00:00\"",
            "\"2100-01-01\"", "\"\"", "\"soon\"", "1", "true", "[]", "{}",
        ];
        foreach (var value in values)
        {
            var created = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, $$"""{"name":"n","expires_at":{{value}}}""");
            ErrorAssert.IsError(created, 422, "validation_failed", naming: "expires_at");
            var patched = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), $$"""{"expires_at":{{value}}}""");
            ErrorAssert.IsError(patched, 422, "validation_failed", naming: "expires_at");
        }

        Assert.Equal(before, (await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Body);
    }

    private static string GetDeadline(JsonElement key) =>
        Text(Assert.Single(key.GetProperty("retiring_secrets").EnumerateArray()), "valid_until");

    private static async Task<(string Id, string Secret, JsonElement Key)> CreateAsync(TestProject project, string expiresAt)
    {
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name = "n", expires_at = expiresAt });
        answer.EnsureStatus(HttpStatusCode.Created);
        var key = answer.Json.GetProperty("virtual_key");
        return (Text(key, "id"), answer.Secret, key);
    }

    private static async Task<JsonElement> PatchAsync(TestProject project, string id, string patch)
    {
        var answer = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);
        answer.EnsureStatus(HttpStatusCode.OK);
        return answer.Json.GetProperty("virtual_key");
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class VirtualKeyExpiryOnSqliteTests(SqliteService service) : VirtualKeyExpiryTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class VirtualKeyExpiryOnPostgresTests(PostgresService service) : VirtualKeyExpiryTests(service);

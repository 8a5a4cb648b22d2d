using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.VirtualKeys;

public abstract class ExpiryTests(TestService service)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_expiry_is_shown_and_null_clears_it()
    {
        using var project = await service.NewProjectAsync();
        var expiry = Instants.FromNow(TimeSpan.FromDays(400));
        var (id, _, created) = await CreateAsync(project, expiry);
        HasShape(created);
        Assert.Equal(expiry, Text(created, "expires_at"));

        var renamed = await PatchAsync(project, id, """{"name":"m"}""");
        Assert.Equal(expiry, Text(renamed, "expires_at"));
        var later = Instants.FromNow(TimeSpan.FromDays(500));
        Assert.Equal(later, Text(await PatchAsync(project, id, $$"""{"expires_at":"{{later}}"}"""), "expires_at"));
        var cleared = await PatchAsync(project, id, """{"expires_at":null}""");
        Assert.Null(TextOrNull(cleared, "expires_at"));
        Assert.Equal("4", Text(cleared, "revision"));
        Assert.Equal(cleared.ToString(), (await PatchAsync(project, id, """{"expires_at":null}""")).ToString());
    }

    [Fact]
    public async Task An_expired_key_refuses_every_secret_and_prolonging_revives_the_current_one()
    {
        using var project = await service.NewProjectAsync();
        var (id, first, _) = await CreateAsync(project, Instants.FromNow(TimeSpan.FromDays(1)));
        var second = (await project.Client.RotateAsync(id)).Secret;
        var soon = Instants.FromNow(Soon);
        await PatchAsync(project, id, $$"""{"expires_at":"{{soon}}"}""");

        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(second) != "active", Patience);
        var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret = second });
        Assert.Equal("expired", Text(verdict.Json, "code"));
        Assert.False(verdict.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("active", Text(verdict.Json.GetProperty("virtual_key"), "status"));
        Assert.Contains(await project.Client.VerifyAsync(first), new[] { "expired", "expired_secret" });

        await PatchAsync(project, id, $$"""{"expires_at":"{{Instants.FromNow(TimeSpan.FromDays(1))}}"}""");
        Assert.Equal("active", await project.Client.VerifyAsync(second));
        Assert.Equal("expired_secret", await project.Client.VerifyAsync(first));
    }

    [Fact]
    public async Task A_key_made_to_expire_expires_and_clearing_the_expiry_revives_it()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret, _) = await CreateAsync(project, Instants.FromNow(Soon));
        await Poll.UntilAsync(async () => await project.Client.VerifyAsync(secret) == "expired", Patience);
        await PatchAsync(project, id, """{"expires_at":null}""");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task No_retiring_secret_outlives_its_key()
    {
        using var project = await service.NewProjectAsync();
        var expiry = Instants.FromNow(TimeSpan.FromHours(2));
        var (id, _, _) = await CreateAsync(project, expiry);
        var rotated = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), """{"grace_period_seconds":2592000}""");
        rotated.Expect(HttpStatusCode.OK);
        Assert.Equal(expiry, Deadline(rotated.Json.GetProperty("virtual_key")));

        var earlier = Instants.FromNow(TimeSpan.FromHours(1));
        Assert.Equal(earlier, Deadline(await PatchAsync(project, id, $$"""{"expires_at":"{{earlier}}"}""")));
        Assert.Equal(earlier, Deadline(await PatchAsync(project, id, """{"expires_at":null}""")));
    }

    [Fact]
    public async Task A_shorter_grace_than_the_key_has_left_stays_as_it_is()
    {
        using var project = await service.NewProjectAsync();
        var (id, _, _) = await CreateAsync(project, Instants.FromNow(TimeSpan.FromHours(2)));
        var key = (await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), """{"grace_period_seconds":60}"""))
            .Json.GetProperty("virtual_key");
        Assert.Equal(Instants.Text(Instant(key, "updated_at")!.Value.AddSeconds(60)), Deadline(key));
    }

    [Fact]
    public async Task An_expiry_that_cannot_be_is_422_naming_it_and_changes_nothing()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = (await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Body;
        string[] values =
        [
            $"\"{Instants.FromNow(TimeSpan.FromSeconds(-1))}\"", "\"1970-01-01T00:00:00Z\"", "\"2100-01-01T00:00:00\"",
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

    private static string Deadline(JsonElement key) =>
        Text(Assert.Single(key.GetProperty("retiring_secrets").EnumerateArray()), "valid_until");

    private static async Task<(string Id, string Secret, JsonElement Key)> CreateAsync(TestProject project, string expiresAt)
    {
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name = "n", expires_at = expiresAt });
        answer.Expect(HttpStatusCode.Created);
        var key = answer.Json.GetProperty("virtual_key");
        return (Text(key, "id"), answer.Secret, key);
    }

    private static async Task<JsonElement> PatchAsync(TestProject project, string id, string patch)
    {
        var answer = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(id), patch);
        answer.Expect(HttpStatusCode.OK);
        return answer.Json.GetProperty("virtual_key");
    }
}

[Collection(SqliteService.Storage)]
public sealed class ExpiryOnSqliteTests(SqliteService service) : ExpiryTests(service);

[Collection(PostgresService.Storage)]
public sealed class ExpiryOnPostgresTests(PostgresService service) : ExpiryTests(service);

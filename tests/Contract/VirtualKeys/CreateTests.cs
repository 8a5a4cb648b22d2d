using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.VirtualKeys;

public abstract class CreateTests(TestService service)
{
    [Fact]
    public async Task A_name_is_enough_and_the_rest_gets_its_defaults()
    {
        using var project = await service.NewProjectAsync();
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name = "a key" });

        answer.Expect(HttpStatusCode.Created);
        Assert.Equal(["secret", "virtual_key"], answer.Json.EnumerateObject().Select(member => member.Name).Order());
        var key = answer.Json.GetProperty("virtual_key");
        HasShape(key);
        Assert.Equal($"{Routes.VirtualKeys}/{Text(key, "id")}", answer.Headers["Location"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal("a key", Text(key, "name"));
        Assert.Equal("live", Text(key, "environment"));
        Assert.Equal("active", Text(key, "status"));
        Assert.Equal("1", Text(key, "revision"));
        Assert.Equal(project.Id, Text(key, "project_id"));
        Assert.Null(TextOrNull(key, "description"));
        Assert.Null(TextOrNull(key, "principal_user_id"));
        Assert.Null(TextOrNull(key, "last_used_at"));
        Assert.Empty(key.GetProperty("provider_credential_ids").EnumerateArray());
        Assert.Empty(key.GetProperty("retiring_secrets").EnumerateArray());
        Assert.Equal(Text(key, "created_at"), Text(key, "updated_at"));
        Assert.InRange(Instant(key, "created_at")!.Value, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Every_member_that_is_sent_comes_back_in_order_and_unchanged()
    {
        using var project = await service.NewProjectAsync();
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = "  Zoë 🔑 <b>'\"\\  ",
            description = "one line\n\tand another 🗝",
            environment = "test",
            principal_user_id = "user_1",
            provider_credential_ids = new[] { "z", "a", "z" },
            config = new { ignored = true },
        });

        answer.Expect(HttpStatusCode.Created);
        var id = Text(answer.Json.GetProperty("virtual_key"), "id");
        var key = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.Equal(answer.Json.GetProperty("virtual_key").ToString(), key.ToString());
        Assert.Equal("  Zoë 🔑 <b>'\"\\  ", Text(key, "name"));
        Assert.Equal("one line\n\tand another 🗝", Text(key, "description"));
        Assert.Equal("test", Text(key, "environment"));
        Assert.Equal("user_1", Text(key, "principal_user_id"));
        Assert.Equal(["z", "a", "z"], key.GetProperty("provider_credential_ids").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task The_secret_names_its_environment_and_begins_with_the_display_prefix()
    {
        using var project = await service.NewProjectAsync();
        foreach (var environment in new[] { "live", "test" })
        {
            var (id, secret) = await project.Client.CreateAsync("a key", environment);
            Assert.StartsWith($"vk-lw-{environment}_", secret, StringComparison.Ordinal);
            var key = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
            Assert.StartsWith(Text(key, "display_prefix"), secret, StringComparison.Ordinal);
            Assert.Equal("active", await project.Client.VerifyAsync(secret));
        }
    }

    [Fact]
    public async Task Names_need_not_be_unique()
    {
        using var project = await service.NewProjectAsync();
        var (first, firstSecret) = await project.Client.CreateAsync("same");
        var (second, secondSecret) = await project.Client.CreateAsync("same");
        Assert.NotEqual(first, second);
        Assert.NotEqual(firstSecret, secondSecret);
    }

    [Fact]
    public async Task Limits_are_inclusive()
    {
        using var project = await service.NewProjectAsync();
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new
        {
            name = new string('n', 128),
            description = new string('d', 4000),
            principal_user_id = new string('u', 255),
            provider_credential_ids = Enumerable.Repeat(new string('p', 255), 100),
        });
        answer.Expect(HttpStatusCode.Created);
        Assert.Equal("2", Text((await project.Client.RotateAsync(
            Text(answer.Json.GetProperty("virtual_key"), "id"))).Json.GetProperty("virtual_key"), "revision"));
    }
}

[Collection(SqliteService.Storage)]
public sealed class CreateOnSqliteTests(SqliteService service) : CreateTests(service);

[Collection(PostgresService.Storage)]
public sealed class CreateOnPostgresTests(PostgresService service) : CreateTests(service);

using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.VirtualKeys;

public abstract class DisableVirtualKeyTests(TestService service)
{
    [Fact]
    public async Task A_disabled_key_refuses_every_secret_until_enabled_while_grace_periods_continue()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        var graces = (await GetKeyAsync(project, id)).GetProperty("retiring_secrets").ToString();

        var disabled = await SendAsync(project, Routes.Disable(id), """{"reason":"leaked?"}""");
        AssertVirtualKeyShape(disabled);
        Assert.Equal("active", Text(disabled, "status"));
        Assert.Equal("leaked?", Text(disabled, "disabled_reason"));
        Assert.Equal(Timestamp(disabled, "updated_at"), Timestamp(disabled, "disabled_at"));
        Assert.Equal("3", Text(disabled, "revision"));
        Assert.Equal(graces, disabled.GetProperty("retiring_secrets").ToString());
        foreach (var secret in new[] { first, second })
        {
            var verdict = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret });
            Assert.Equal("disabled", Text(verdict.Json, "code"));
            Assert.False(verdict.Json.GetProperty("valid").GetBoolean());
            Assert.Equal(id, Text(verdict.Json.GetProperty("virtual_key"), "id"));
        }

        var enabled = await SendAsync(project, Routes.Enable(id));
        AssertVirtualKeyShape(enabled);
        Assert.Null(TextOrNull(enabled, "disabled_at"));
        Assert.Null(TextOrNull(enabled, "disabled_reason"));
        Assert.Equal("4", Text(enabled, "revision"));
        Assert.Equal(graces, enabled.GetProperty("retiring_secrets").ToString());
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
        Assert.Equal("active", await project.Client.VerifyAsync(second));
    }

    [Fact]
    public async Task Disabling_and_enabling_are_idempotent_and_keep_the_first_reason()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var fresh = await GetKeyAsync(project, id);
        Assert.Equal(fresh.ToString(), (await SendAsync(project, Routes.Enable(id))).ToString());

        var disabled = await SendAsync(project, Routes.Disable(id), """{"reason":"first"}""");
        foreach (var body in new[] { """{"reason":"second"}""", "{}", null })
            Assert.Equal(disabled.ToString(), (await SendAsync(project, Routes.Disable(id), body)).ToString());

        var enabled = await SendAsync(project, Routes.Enable(id));
        Assert.Equal(enabled.ToString(), (await SendAsync(project, Routes.Enable(id))).ToString());
    }

    [Theory]
    [InlineData(null), InlineData("{}"), InlineData("""{"reason":null}""")]
    public async Task A_reason_is_optional(string? body)
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var disabled = await SendAsync(project, Routes.Disable(id), body);
        Assert.NotNull(Timestamp(disabled, "disabled_at"));
        Assert.Null(TextOrNull(disabled, "disabled_reason"));
        Assert.Equal("disabled", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_reason_has_at_most_500_characters_and_no_control_characters()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        foreach (var reason in new[] { $"\"{new string('r', 501)}\"", "1", "[]", "{}", "true", "\"a\\u0000\"", "\"\\u0007\"" })
        {
            var answer = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Disable(id), $$"""{"reason":{{reason}}}""");
            ErrorAssert.IsError(answer, 422, "validation_failed", naming: "reason");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        var longest = new string('r', 498) + "é\n";
        var disabled = await SendAsync(project, Routes.Disable(id), JsonSerializer.Serialize(new { reason = longest }));
        Assert.Equal(longest, Text(disabled, "disabled_reason"));
    }

    [Fact]
    public async Task A_disabled_key_can_be_rotated_and_updated_and_stays_disabled()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await SendAsync(project, Routes.Disable(id));
        var rotated = await project.Client.RotateAsync(id);
        rotated.EnsureStatus(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Patch, Routes.VirtualKey(id), new { name = "m" })).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id))).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("disabled", await project.Client.VerifyAsync(rotated.Secret));
        await SendAsync(project, Routes.Enable(id));
        Assert.Equal("active", await project.Client.VerifyAsync(rotated.Secret));
    }

    [Fact]
    public async Task Reading_and_listing_show_that_a_key_is_disabled()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var disabled = await SendAsync(project, Routes.Disable(id), """{"reason":"why"}""");
        Assert.Equal(disabled.ToString(), (await GetKeyAsync(project, id)).ToString());
        var list = await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys);
        Assert.Equal(disabled.ToString(), Assert.Single(list.Json.GetProperty("data").EnumerateArray()).ToString());
    }

    [Fact]
    public async Task A_revoked_key_is_400_and_a_key_of_another_project_404()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        foreach (var path in new[] { Routes.Disable(id), Routes.Enable(id), Routes.Disable("x"), Routes.Enable("x") })
            ErrorAssert.IsError(await other.Client.SendAsync(HttpMethod.Post, path), 404, "virtual_key_not_found");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));

        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var path in new[] { Routes.Disable(id), Routes.Enable(id) })
            ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Post, path), 400, "virtual_key_revoked");
    }

    private static async Task<JsonElement> GetKeyAsync(TestProject project, string id) =>
        (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");

    private static async Task<JsonElement> SendAsync(TestProject project, string path, string? body = null)
    {
        var answer = body is null
            ? await project.Client.SendAsync(HttpMethod.Post, path)
            : await project.Client.SendTextAsync(HttpMethod.Post, path, body);
        answer.EnsureStatus(HttpStatusCode.OK);
        return answer.Json.GetProperty("virtual_key");
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class DisableVirtualKeyOnSqliteTests(SqliteService service) : DisableVirtualKeyTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class DisableVirtualKeyOnPostgresTests(PostgresService service) : DisableVirtualKeyTests(service);

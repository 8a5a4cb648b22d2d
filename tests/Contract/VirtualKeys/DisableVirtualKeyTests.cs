using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class DisableVirtualKeyTests(TestService service)
{
    [Fact]
    public async Task A_disabled_key_refuses_every_secret_until_enabled_while_grace_periods_continue()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        var retiringSecrets = (await project.GetKeyAsync(id)).GetProperty("retiring_secrets").ToString();

        var disabled = await SendAsync(project, Routes.Disable(id), """{"reason":"leaked?"}""");
        AssertVirtualKeyShape(disabled);
        Assert.Equal("disabled", Text(disabled, "status"));
        Assert.Equal("leaked?", Text(disabled, "disabled_reason"));
        Assert.Equal(Timestamp(disabled, "updated_at"), Timestamp(disabled, "disabled_at"));
        Assert.Equal("3", Text(disabled, "revision"));
        Assert.Equal(retiringSecrets, disabled.GetProperty("retiring_secrets").ToString());
        foreach (var secret in new[] { first, second })
        {
            var verdict = await project.GetVerdictAsync(secret);
            Assert.Equal("disabled", Text(verdict, "code"));
            Assert.False(verdict.GetProperty("valid").GetBoolean());
            Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
            Assert.Equal("disabled", Text(verdict.GetProperty("virtual_key"), "status"));
        }

        var enabled = await SendAsync(project, Routes.Enable(id));
        AssertVirtualKeyShape(enabled);
        Assert.Null(TextOrNull(enabled, "disabled_at"));
        Assert.Null(TextOrNull(enabled, "disabled_reason"));
        Assert.Equal("4", Text(enabled, "revision"));
        Assert.Equal(retiringSecrets, enabled.GetProperty("retiring_secrets").ToString());
        Assert.Equal("retiring", await project.Client.VerifyAsync(first));
        Assert.Equal("active", await project.Client.VerifyAsync(second));
    }

    [Fact]
    public async Task Disabling_and_enabling_are_idempotent_and_keep_the_first_reason()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var before = await project.GetKeyAsync(id);
        Assert.Equal(before.ToString(), (await SendAsync(project, Routes.Enable(id))).ToString());

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
        string[] invalid =
            [$"\"{new string('r', 501)}\"", "1", "[]", "{}", "true", "\"a\\u0000\"", "\"\\u0007\""];
        foreach (var reason in invalid)
        {
            var body = $$"""{"reason":{{reason}}}""";
            var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Disable(id), body);
            ErrorAssert.IsError(response, 422, "validation_failed", naming: "reason");
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
        Assert.Equal("disabled", Text(await project.UpdateAsync(id, """{"name":"m"}"""), "status"));
        var expired = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id));
        expired.EnsureStatus(HttpStatusCode.OK);
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
        Assert.Equal(disabled.ToString(), (await project.GetKeyAsync(id)).ToString());
        var list = await project.Client.ListAsync();
        Assert.Equal(disabled.ToString(), Assert.Single(list.Json.GetProperty("data").EnumerateArray()).ToString());
    }

    [Fact]
    public async Task A_revoked_key_is_400_and_a_key_of_another_project_404()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        foreach (var path in new[] { Routes.Disable(id), Routes.Enable(id), Routes.Disable("x"), Routes.Enable("x") })
        {
            var notFound = await otherProject.Client.SendAsync(HttpMethod.Post, path);
            ErrorAssert.IsError(notFound, 404, "virtual_key_not_found");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));

        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var path in new[] { Routes.Disable(id), Routes.Enable(id) })
            ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Post, path), 400, "virtual_key_revoked");
    }

    private static async Task<JsonElement> SendAsync(TestProject project, string path, string? body = null)
    {
        var response = body is null
            ? await project.Client.SendAsync(HttpMethod.Post, path)
            : await project.Client.SendTextAsync(HttpMethod.Post, path, body);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.VirtualKey;
    }
}

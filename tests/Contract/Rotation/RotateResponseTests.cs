using KeysCluster.Contract.Tests.Projects;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Rotation;

/// <summary>Validates every response of the rotate operation against the published contract.</summary>
public abstract class RotateResponseTests(TestService service)
{
    private static readonly string[] UnchangedMembers =
        ["id", "name", "description", "environment", "principal_user_id", "created_at"];

    [Theory]
    [InlineData("""{"name":"minimal"}""", "vk-lw-live_")]
    [InlineData("""{"name":"live","environment":"live","description":null,"principal_user_id":null}""", "vk-lw-live_")]
    [InlineData("""{"name":"test","environment":"test","description":"d","principal_user_id":"u"}""", "vk-lw-test_")]
    [InlineData("""{"name":"full","description":"","provider_credential_ids":["b","a"]}""", "vk-lw-live_")]
    public async Task The_responses_to_the_first_and_second_rotation_match_the_contract(string key, string prefix)
    {
        using var project = await service.CreateProjectAsync();
        var created = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, key);
        created.EnsureStatus(HttpStatusCode.Created);
        await RotateContract.AssertMatchesAsync(created, 201, schema: 200);
        var before = created.VirtualKey;

        foreach (var revision in new[] { "2", "3" })
        {
            var response = await project.Client.RotateAsync(Text(before, "id"));
            await RotateContract.AssertMatchesAsync(response, 200);
            var after = response.VirtualKey;
            Assert.StartsWith(prefix, response.Secret, StringComparison.Ordinal);
            Assert.StartsWith(Text(after, "display_prefix"), response.Secret, StringComparison.Ordinal);
            Assert.Equal(revision, Text(after, "revision"));
            foreach (var member in UnchangedMembers)
                Assert.Equal(TextOrNull(before, member), TextOrNull(after, member));
        }
    }

    [Fact]
    public async Task The_response_to_rotating_a_used_key_matches_the_contract()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        await project.WaitUntilUsedAsync(id);
        var response = await project.Client.RotateAsync(id);
        await RotateContract.AssertMatchesAsync(response, 200);
        Assert.NotNull(Timestamp(response.VirtualKey, "last_used_at"));
    }

    /// <summary>The contract of this operation does not have the status of a disabled key.</summary>
    [Fact]
    public async Task The_response_to_rotating_a_disabled_key_matches_the_contract_and_calls_it_active()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        var response = await project.Client.RotateAsync(id);
        await RotateContract.AssertMatchesAsync(response, 200);
        Assert.Equal("active", Text(response.VirtualKey, "status"));
        Assert.NotNull(Timestamp(response.VirtualKey, "disabled_at"));
        Assert.Equal("disabled", Text(await project.GetKeyAsync(id), "status"));
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_400_and_does_not_rotate()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "{not json");
        await RotateContract.AssertMatchesAsync(response, 400);
        Assert.Equal("malformed_json", response.ErrorCode);
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_revoked_key_is_400()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        var response = await project.Client.RotateAsync(id);
        await RotateContract.AssertMatchesAsync(response, 400);
        Assert.Equal("virtual_key_revoked", response.ErrorCode);
    }

    [Theory]
    [InlineData(null), InlineData("sk-lw-wrong"), InlineData("vk-lw-live_wrong")]
    public async Task A_rotation_without_a_valid_API_key_is_401(string? apiKey)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        using var client = service.Process.CreateClient(apiKey);
        await RotateContract.AssertMatchesAsync(await client.RotateAsync(id), 401);
    }

    [Fact]
    public async Task An_invalid_grace_period_is_422()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await RotateContract.AssertMatchesAsync(await project.RotateAsync(id, gracePeriodSeconds: -1), 422);
    }

    [Fact]
    public async Task Refusals_of_the_caller_are_403_and_match_the_error_schema()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, secret) = await project.Client.CreateAsync();

        var (_, _, reader) = await service.CreateApiKeyAsync(project.Id, ["virtualKeys:view"]);
        using (reader) await AssertRefusedAsync(reader, "missing_permissions");

        var rotated = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        rotated.EnsureStatus(HttpStatusCode.OK);
        await AssertRefusedAsync(project.Client, "api_key_retiring");

        using var current = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        var path = Routes.DisableProject(project.Id);
        (await admin.SendAsync(HttpMethod.Post, path)).EnsureStatus(HttpStatusCode.OK);
        await AssertRefusedAsync(current, "project_disabled");

        (await admin.SendAsync(HttpMethod.Post, Routes.EnableProject(project.Id))).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("active", await current.VerifyAsync(secret));

        async Task AssertRefusedAsync(KeysClient caller, string code)
        {
            var response = await caller.RotateAsync(id);
            await RotateContract.AssertMatchesAsync(response, 403);
            Assert.Equal(code, response.ErrorCode);
        }
    }

    [Fact]
    public async Task An_idempotency_key_of_another_request_is_409_and_matches_the_error_schema()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var key = Guid.NewGuid().ToString();
        (await project.Client.PostIdempotentAsync(key, Routes.Rotate(id))).EnsureStatus(HttpStatusCode.OK);
        var response = await project.Client.PostIdempotentAsync(
            key, Routes.Rotate(id), """{"grace_period_seconds":1}""");
        await RotateContract.AssertMatchesAsync(response, 409);
        Assert.Equal("idempotency_conflict", response.ErrorCode);
    }

    [Fact]
    public async Task Statuses_outside_the_contract_match_its_error_schema()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, _) = await project.Client.CreateAsync();
        await RotateContract.AssertMatchesAsync(await project.Client.RotateAsync(UnknownIds.VirtualKey), 404);
        await RotateContract.AssertMatchesAsync(await project.Client.RotateAsync("no-id"), 404);
        await RotateContract.AssertMatchesAsync(await otherProject.Client.RotateAsync(id), 404);
        await RotateContract.AssertMatchesAsync(await admin.RotateAsync(id), 403);

        var path = Routes.Rotate(id);
        await RotateContract.AssertMatchesAsync(await project.Client.SendAsync(HttpMethod.Get, path), 405);
        var text = await project.Client.SendTextAsync(HttpMethod.Post, path, "{}", "text/plain");
        await RotateContract.AssertMatchesAsync(text, 415);
        var tooLarge = await project.Client.SendBytesAsync(HttpMethod.Post, path, new byte[70_000]);
        await RotateContract.AssertMatchesAsync(tooLarge, 413);
    }
}

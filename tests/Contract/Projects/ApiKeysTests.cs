using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

/// <summary>The API keys of a project: their permissions, rotation, expiry and deletion.</summary>
public abstract class ApiKeysTests(TestService service)
{
    [Fact]
    public async Task The_first_API_key_of_a_project_has_every_permission()
    {
        using var project = await service.CreateProjectAsync();
        var who = (await project.Client.SendAsync(HttpMethod.Get, Routes.WhoAmI)).Json;
        Assert.Equal("api_key", Text(who, "kind"));
        Assert.Equal(project.Id, Text(who, "project_id"));
        Assert.Equal(Permissions.All, who.GetProperty("permissions").EnumerateArray().Select(text => text.GetString()));
        var listed = Assert.Single(await ListAsync(project.Client, project.Id));
        Assert.Equal(Text(who, "api_key_id"), Text(listed, "id"));
        Assert.Equal(Text(who, "secret_id"), Text(listed, "secret_id"));
    }

    [Fact]
    public async Task A_new_API_key_is_listed_and_valid_immediately()
    {
        using var project = await service.CreateProjectAsync();
        var expiresAt = Timestamps.FromNow(TimeSpan.FromDays(3));
        var created = await project.Client.SendCreateApiKeyAsync(project.Id, ["virtualKeys:view"], expiresAt);
        created.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal(
            Routes.ApiKey(project.Id, Text(created.ApiKey, "id")), created.Headers["Location"]);
        Assert.Equal(expiresAt, Text(created.ApiKey, "expires_at"));
        await ApiKeyAssert.IsAcceptedAsync(service, created.Secret);

        var keys = await ListAsync(project.Client, project.Id);
        Assert.Equal(2, keys.Length);
        Assert.Equal(Text(created.ApiKey, "id"), Text(keys[1], "id"));
        var read = await project.Client.SendAsync(
            HttpMethod.Get, Routes.ApiKey(project.Id, Text(created.ApiKey, "id")));
        Assert.Equal("an API key", Text(read.ApiKey, "name"));
        Assert.NotNull(Timestamp(read.ApiKey, "last_used_at"));
        var unknown = await project.Client.SendAsync(HttpMethod.Get, Routes.ApiKey(project.Id, UnknownIds.ApiKey));
        ErrorAssert.IsError(unknown, 404, "api_key_not_found");
    }

    [Fact]
    public async Task A_verifying_API_key_sees_the_verdict_and_ids_only()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, _) = await project.CreateAsync("\"external_id\":\"e\",\"description\":\"confidential\"");
        var (_, _, verifier) = await service.CreateApiKeyAsync(project.Id, ["virtualKeys:verify"]);
        using var _ = verifier;
        var verdict = await verifier.SendVerifyAsync(secret);
        Assert.Equal("active", Text(verdict.Json, "code"));
        Assert.Equal((id, "e"), (Text(verdict.Json, "virtual_key_id"), Text(verdict.Json, "external_id")));
        Assert.Equal(JsonValueKind.Null, verdict.Json.GetProperty("virtual_key").ValueKind);
        Assert.DoesNotContain("confidential", verdict.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_key_grants_no_permission_and_no_validity_that_it_lacks()
    {
        using var project = await service.CreateProjectAsync();
        var soon = Timestamps.FromNow(TimeSpan.FromDays(1));
        var later = Timestamps.FromNow(TimeSpan.FromDays(2));
        var (managerId, _, manager) = await service.CreateApiKeyAsync(
            project.Id, ["apiKeys:manage", "virtualKeys:view"], soon);
        using var _ = manager;
        var (otherId, _, other) = await service.CreateApiKeyAsync(project.Id, ["virtualKeys:view"], later);
        using var __ = other;
        var first = Text((await ListAsync(project.Client, project.Id))[0], "id");

        var more = await manager.SendCreateApiKeyAsync(
            project.Id, ["virtualKeys:verify", "virtualKeys:view", "virtualKeys:create"], soon);
        ErrorAssert.IsError(more, 403, "missing_permissions", naming: "virtualKeys:create");
        Assert.Equal(
            ["virtualKeys:verify", "virtualKeys:create"],
            more.Json.GetProperty("missing_permissions").EnumerateArray().Select(text => text.GetString()));
        foreach (var expiry in new[] { later, null })
        {
            foreach (var permissions in new string[][] { ["virtualKeys:view"], [] })
            {
                var longer = await manager.SendCreateApiKeyAsync(project.Id, permissions, expiry);
                ErrorAssert.IsError(longer, 403, "expiry_exceeds_api_key");
            }

            var extended = await UpdateAsync(manager, project.Id, managerId, new { expires_at = expiry });
            ErrorAssert.IsError(extended, 403, "expiry_exceeds_api_key");
        }

        var widened = await UpdateAsync(manager, project.Id, managerId, new { permissions = Permissions.All });
        ErrorAssert.IsError(widened, 403, "missing_permissions", naming: "virtualKeys:rotate");
        ErrorAssert.IsError(await RotateAsync(manager, project.Id, first), 403, "missing_permissions");
        ErrorAssert.IsError(await RotateAsync(manager, project.Id, otherId), 403, "expiry_exceeds_api_key");
        (await manager.SendCreateApiKeyAsync(project.Id, ["virtualKeys:view"], soon)).EnsureStatus(
            HttpStatusCode.Created);
        (await RotateAsync(manager, project.Id, managerId)).EnsureStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_narrowed_and_a_deleted_API_key_are_refused_when_the_response_arrives()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, client) = await service.CreateApiKeyAsync(
            project.Id, ["virtualKeys:view", "virtualKeys:create"]);
        using var _ = client;
        await client.CreateAsync();
        string[] permissions = ["virtualKeys:view"];
        var narrowed = await UpdateAsync(project.Client, project.Id, id, new { permissions });
        narrowed.EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await client.SendCreateAsync(), 403, "missing_permissions");
        await ApiKeyAssert.IsAcceptedAsync(service, secret);

        var deleted = await project.Client.SendAsync(HttpMethod.Delete, Routes.ApiKey(project.Id, id));
        deleted.EnsureStatus(HttpStatusCode.NoContent);
        await ApiKeyAssert.IsRefusedAsync(service, secret);
        var again = await project.Client.SendAsync(HttpMethod.Delete, Routes.ApiKey(project.Id, id));
        ErrorAssert.IsError(again, 404, "api_key_not_found");
    }

    [Fact]
    public async Task The_first_API_key_can_be_narrowed_and_deleted()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var id = Text((await ListAsync(project.Client, project.Id))[0], "id");
        string[] permissions = ["virtualKeys:view"];
        var narrowed = await UpdateAsync(admin, project.Id, id, new { name = "reader", permissions });
        narrowed.EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 403, "missing_permissions");
        await ApiKeyAssert.IsAcceptedAsync(service, project.ApiKey);

        var rotated = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        rotated.EnsureStatus(HttpStatusCode.OK);
        var second = Text(rotated.Json, "api_key");
        await ApiKeyAssert.IsAcceptedAsync(service, second);
        await ApiKeyAssert.IsAcceptedAsync(service, project.ApiKey);
        var deleted = await admin.SendAsync(HttpMethod.Delete, Routes.ApiKey(project.Id, id));
        deleted.EnsureStatus(HttpStatusCode.NoContent);
        foreach (var secret in new[] { project.ApiKey, second }) await ApiKeyAssert.IsRefusedAsync(service, secret);
        var gone = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        ErrorAssert.IsError(gone, 404, "api_key_not_found");
        Assert.Empty(await ListAsync(admin, project.Id));
    }

    [Fact]
    public async Task A_rotated_API_key_reads_until_its_deadline_and_can_expire_itself()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret, client) = await service.CreateApiKeyAsync(project.Id, ["virtualKeys:view"]);
        using var _ = client;
        var rotated = await RotateAsync(project.Client, project.Id, id);
        rotated.EnsureStatus(HttpStatusCode.OK);
        await ApiKeyAssert.IsAcceptedAsync(service, rotated.Secret);
        await ApiKeyAssert.IsAcceptedAsync(service, secret);
        var who = (await client.SendAsync(HttpMethod.Get, Routes.WhoAmI)).Json;
        Assert.True(who.GetProperty("retiring").GetBoolean());
        var own = Routes.ApiKeySecret(project.Id, id, Text(who, "secret_id"));

        var deadline = Timestamps.FromNow(TimeSpan.FromDays(9));
        var extended = await client.SendAsync(HttpMethod.Patch, own, new { valid_until = deadline });
        ErrorAssert.IsError(extended, 403, "missing_permissions");
        (await project.Client.SendAsync(HttpMethod.Patch, own, new { valid_until = deadline })).EnsureStatus(
            HttpStatusCode.OK);
        (await client.SendAsync(HttpMethod.Delete, own)).EnsureStatus(HttpStatusCode.OK);
        await ApiKeyAssert.IsRefusedAsync(service, secret);
        await ApiKeyAssert.IsAcceptedAsync(service, rotated.Secret);
    }

    [Fact]
    public async Task An_API_key_past_its_expiry_is_refused()
    {
        using var project = await service.CreateProjectAsync();
        var (_, secret, client) = await service.CreateApiKeyAsync(
            project.Id, ["virtualKeys:view"], Timestamps.FromNow(TimeSpan.FromSeconds(2)));
        using var _ = client;
        await ApiKeyAssert.IsAcceptedAsync(service, secret);
        await Wait.UntilAsync(async () => (await client.ListAsync()).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_101st_API_key_is_422()
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 1; i < 100; i++)
        {
            (await project.Client.SendCreateApiKeyAsync(project.Id, ["virtualKeys:view"])).EnsureStatus(
                HttpStatusCode.Created);
        }

        var refused = await project.Client.SendCreateApiKeyAsync(project.Id, ["virtualKeys:view"]);
        ErrorAssert.IsError(refused, 422, "too_many_api_keys");
    }

    [Fact]
    public async Task A_replay_needs_the_permissions_of_the_original_call()
    {
        using var project = await service.CreateProjectAsync();
        var (_, _, manager) = await service.CreateApiKeyAsync(project.Id, ["apiKeys:manage"]);
        using var _ = manager;
        var key = Guid.NewGuid().ToString();
        const string body = """{"name":"n","permissions":["virtualKeys:create"]}""";
        var created = await project.Client.PostIdempotentAsync(key, Routes.ApiKeys(project.Id), body);
        created.EnsureStatus(HttpStatusCode.Created);
        var denied = await manager.PostIdempotentAsync(key, Routes.ApiKeys(project.Id), body);
        ErrorAssert.IsError(denied, 403, "missing_permissions");
        var replayed = await project.Client.PostIdempotentAsync(key, Routes.ApiKeys(project.Id), body);
        Assert.Equal(created.Secret, replayed.Secret);
        Assert.Equal(Text(created.ApiKey, "id"), Text(replayed.ApiKey, "id"));
    }

    [Theory]
    [InlineData("""{"permissions":["virtualKeys:view"]}""", "name")]
    [InlineData("""{"name":"n"}""", "permissions")]
    [InlineData("""{"name":"n","permissions":["everything"]}""", "permissions")]
    [InlineData("""{"name":"n","permissions":[null]}""", "permissions")]
    [InlineData("""{"name":"n","permissions":[],"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name":"n","permissions":[],"scopes":[]}""", "scopes")]
    public async Task An_invalid_API_key_is_422(string body, string naming)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.ApiKeys(project.Id), body);
        ErrorAssert.IsError(response, 422, "validation_failed", naming);
    }

    [Fact]
    public async Task API_keys_of_another_project_are_404()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        ErrorAssert.IsError(
            await project.Client.SendAsync(HttpMethod.Get, Routes.ApiKeys(other.Id)), 404, "project_not_found");
        ErrorAssert.IsError(
            await project.Client.SendCreateApiKeyAsync(other.Id, ["virtualKeys:view"]), 404, "project_not_found");
    }

    private static async Task<JsonElement[]> ListAsync(KeysClient client, string project)
    {
        var response = await client.SendAsync(HttpMethod.Get, Routes.ApiKeys(project));
        response.EnsureStatus(HttpStatusCode.OK);
        return [.. response.Json.GetProperty("data").EnumerateArray()];
    }

    private static Task<ApiResponse> UpdateAsync(KeysClient client, string project, string id, object patch) =>
        client.SendAsync(HttpMethod.Patch, Routes.ApiKey(project, id), patch);

    private static Task<ApiResponse> RotateAsync(KeysClient client, string project, string id) =>
        client.SendAsync(HttpMethod.Post, Routes.RotateOneApiKey(project, id));
}

using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

/// <summary>The rotation of API keys by the administrator and by the project's own API key.</summary>
public abstract class ApiKeyRotationTests(TestService service)
{
    [Fact]
    public async Task A_new_API_key_is_valid_immediately_and_replaced_ones_stay_valid()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var keys = new List<string> { project.ApiKey };
        for (var i = 1; i <= 2; i++)
        {
            var response = await RotateAsync(admin, project.Id);
            Assert.Equal("no-store", response.Headers["Cache-Control"]);
            Assert.Equal(i, GetRetiringApiKeys(response.Project).GetArrayLength());
            keys.Add(Text(response.Json, "api_key"));
        }

        Assert.Equal(3, keys.Distinct().Count());
        foreach (var key in keys) await ApiKeyAssert.IsAcceptedAsync(service, key);
    }

    [Fact]
    public async Task A_zero_grace_period_expires_the_replaced_API_key_immediately()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var response = await RotateAsync(admin, project.Id, gracePeriodSeconds: 0);
        Assert.Empty(GetRetiringApiKeys(response.Project).EnumerateArray());
        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
        await ApiKeyAssert.IsAcceptedAsync(service, Text(response.Json, "api_key"));
    }

    [Fact]
    public async Task A_project_lists_its_retiring_API_key_with_deadline_and_last_use()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        await ApiKeyAssert.IsAcceptedAsync(service, project.ApiKey);
        var before = await GetProjectAsync(admin, project.Id);
        var after = (await RotateAsync(admin, project.Id, gracePeriodSeconds: 3600)).Project;
        var retiring = Assert.Single(GetRetiringApiKeys(after).EnumerateArray());
        AssertRetiringSecretShape(retiring);
        Assert.Equal(Text(before, "api_key_id"), Text(retiring, "id"));
        Assert.Equal(Timestamp(before, "api_key_last_used_at"), Timestamp(retiring, "last_used_at"));
        Assert.NotNull(Timestamp(retiring, "last_used_at"));
        Assert.Null(Timestamp(after, "api_key_last_used_at"));
        Assert.Equal(Timestamp(after, "updated_at")!.Value.AddSeconds(3600), Timestamp(retiring, "valid_until"));
        Assert.NotEqual(Text(before, "api_key_id"), Text(after, "api_key_id"));
    }

    [Fact]
    public async Task The_administrator_can_change_deadlines_and_expire_one_or_all_retiring_API_keys()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var second = Text((await RotateAsync(admin, project.Id)).Json, "api_key");
        var listed = GetRetiringApiKeys((await RotateAsync(admin, project.Id)).Project);
        var (secondId, firstId) = (Text(listed[0], "id"), Text(listed[1], "id"));

        var deadline = Timestamps.FromNow(TimeSpan.FromDays(10));
        var changed = await ChangeDeadlineAsync(admin, project.Id, secondId, deadline);
        changed.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(deadline, Text(GetRetiringApiKeys(changed.Project)[0], "valid_until"));
        foreach (var days in new[] { -1, 31 })
        {
            var outOfRange = Timestamps.FromNow(TimeSpan.FromDays(days));
            var refused = await ChangeDeadlineAsync(admin, project.Id, secondId, outOfRange);
            ErrorAssert.IsError(refused, 422, "validation_failed", naming: "valid_until");
        }

        var expired = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, firstId));
        expired.EnsureStatus(HttpStatusCode.OK);
        Assert.Single(GetRetiringApiKeys(expired.Project).EnumerateArray());
        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
        await ApiKeyAssert.IsAcceptedAsync(service, second);
        var currentId = Text(await GetProjectAsync(admin, project.Id), "api_key_id");
        foreach (var id in new[] { firstId, "x", UnknownIds.Secret, currentId })
        {
            var deleted = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, id));
            ErrorAssert.IsError(deleted, 404, "retiring_secret_not_found");
            var patched = await ChangeDeadlineAsync(admin, project.Id, id, deadline);
            ErrorAssert.IsError(patched, 404, "retiring_secret_not_found");
        }

        var all = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id));
        all.EnsureStatus(HttpStatusCode.OK);
        await ApiKeyAssert.IsRefusedAsync(service, second);
    }

    [Fact]
    public async Task An_API_key_can_rotate_itself_and_expire_a_retiring_API_key()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateAsync(project.Client, project.Id);
        var second = Text(rotated.Json, "api_key");
        using var client = service.Process.CreateClient(second);
        await ApiKeyAssert.IsAcceptedAsync(service, project.ApiKey);

        var retiringId = Text(GetRetiringApiKeys(rotated.Project)[0], "id");
        var expired = await client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, retiringId));
        expired.EnsureStatus(HttpStatusCode.OK);
        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
        await RotateAsync(client, project.Id, gracePeriodSeconds: 0);
        await ApiKeyAssert.IsRefusedAsync(service, second);
    }

    [Fact]
    public async Task A_retiring_API_key_can_expire_itself_but_not_extend_or_rotate_itself()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await RotateAsync(project.Client, project.Id);
        var id = Text(GetRetiringApiKeys(rotated.Project)[0], "id");
        var deadline = Timestamps.FromNow(TimeSpan.FromDays(5));
        var extended = await ChangeDeadlineAsync(project.Client, project.Id, id, deadline);
        ErrorAssert.IsError(extended, 403, "api_key_retiring");
        var again = await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        ErrorAssert.IsError(again, 403, "api_key_retiring");

        var expired = await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, id));
        expired.EnsureStatus(HttpStatusCode.OK);
        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
        await ApiKeyAssert.IsAcceptedAsync(service, Text(rotated.Json, "api_key"));
    }

    /// <summary>The administrator may have narrowed the API key that expires its old secret.</summary>
    [Fact]
    public async Task An_API_key_without_project_manage_sees_its_secrets_and_nothing_else_of_the_project()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var rotated = await RotateAsync(admin, project.Id);
        var retiring = GetRetiringApiKeys(rotated.Project)[0];
        await NarrowAsync(project, ["virtualKeys:verify"]);

        var expired = await project.Client.SendAsync(
            HttpMethod.Delete, Routes.RetiringApiKey(project.Id, Text(retiring, "id")));

        expired.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(["project"], expired.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["api_key_display_prefix", "api_key_id", "api_key_last_used_at", "id", "retiring_api_keys"],
            expired.Project.EnumerateObject().Select(member => member.Name).Order());
        Assert.Empty(GetRetiringApiKeys(expired.Project).EnumerateArray());
    }

    [Fact]
    public async Task A_rotation_without_project_manage_shows_the_new_API_key_and_nothing_else_of_the_project()
    {
        using var project = await service.CreateProjectAsync();
        await NarrowAsync(project, ["apiKeys:manage", "virtualKeys:view"]);

        var rotated = await RotateAsync(project.Client, project.Id);

        Assert.Equal(
            ["api_key", "project", "serviceApiKey", "serviceApiKeyId"],
            rotated.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(
            ["api_key_display_prefix", "api_key_id", "api_key_last_used_at", "id", "retiring_api_keys"],
            rotated.Project.EnumerateObject().Select(member => member.Name).Order());
        Assert.Single(GetRetiringApiKeys(rotated.Project).EnumerateArray());
        Assert.Equal(Text(rotated.Json, "api_key"), Text(rotated.Json, "serviceApiKey"));
        await ApiKeyAssert.IsAcceptedAsync(service, Text(rotated.Json, "api_key"));
    }

    [Fact]
    public async Task A_rotation_beyond_32_retiring_API_keys_is_422_and_expires_none()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        for (var i = 0; i < 32; i++) await RotateAsync(admin, project.Id);
        var refused = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        ErrorAssert.IsError(refused, 422, "too_many_retiring_secrets");
        await ApiKeyAssert.IsAcceptedAsync(service, project.ApiKey);
    }

    [Fact]
    public async Task API_keys_of_another_project_are_404_and_admin_operations_are_403()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        await RotateAsync(admin, otherProject.Id);
        var before = await GetProjectAsync(admin, otherProject.Id);
        var retiringId = Text(GetRetiringApiKeys(before)[0], "id");

        foreach (var id in new[] { otherProject.Id, UnknownIds.Project, "x" })
        {
            var deadline = Timestamps.FromNow(TimeSpan.FromDays(2));
            ApiResponse[] responses =
            [
                await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(id, retiringId)),
                await ChangeDeadlineAsync(project.Client, id, retiringId, deadline),
            ];
            Assert.All(responses, response => ErrorAssert.IsError(response, 404, "project_not_found"));
        }

        Assert.Equal(before.ToString(), (await GetProjectAsync(admin, otherProject.Id)).ToString());
        var created = await project.Client.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "n" });
        ErrorAssert.IsError(created, 403, "forbidden");
        ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Get, Routes.Projects), 403, "forbidden");
        var other = await project.Client.SendAsync(HttpMethod.Get, Routes.Project(otherProject.Id));
        ErrorAssert.IsError(other, 404, "project_not_found");
    }

    /// <summary>Gives the API key with which a project was created other permissions.</summary>
    private async Task NarrowAsync(TestProject project, string[] permissions)
    {
        using var admin = service.CreateAdminClient();
        var first = Text((await project.Client.SendAsync(HttpMethod.Get, Routes.WhoAmI)).Json, "api_key_id");
        var narrowed = await admin.SendAsync(HttpMethod.Patch, Routes.ApiKey(project.Id, first), new { permissions });
        narrowed.EnsureStatus(HttpStatusCode.OK);
    }

    private static async Task<ApiResponse> RotateAsync(KeysClient client, string id, int? gracePeriodSeconds = null)
    {
        var body = gracePeriodSeconds is { } seconds ? new { grace_period_seconds = seconds } : null;
        var response = await client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id), body);
        response.EnsureStatus(HttpStatusCode.OK);
        return response;
    }

    private static Task<ApiResponse> ChangeDeadlineAsync(
        KeysClient client, string id, string secretId, string validUntil) =>
        client.SendAsync(HttpMethod.Patch, Routes.RetiringApiKey(id, secretId), new { valid_until = validUntil });

    private static async Task<JsonElement> GetProjectAsync(KeysClient admin, string id) =>
        (await admin.SendAsync(HttpMethod.Get, Routes.Project(id))).Project;

    private static JsonElement GetRetiringApiKeys(JsonElement project) => project.GetProperty("retiring_api_keys");
}

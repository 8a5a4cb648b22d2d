using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Projects;

/// <summary>The rotation of API keys, steered by the administrator and by the project's own API key.</summary>
public abstract class ApiKeyRotationTests(TestService service)
{
    private const string NoGracePeriod = """{"grace_period_seconds":0}""";

    [Fact]
    public async Task A_zero_grace_period_expires_the_replaced_API_key_immediately()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var answer = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), NoGracePeriod);
        answer.EnsureStatus(HttpStatusCode.OK);
        Assert.Empty(answer.Json.GetProperty("project").GetProperty("retiring_api_keys").EnumerateArray());
        await AssertUnauthorizedAsync(project.ApiKey);
        await AssertAcceptedAsync(Text(answer.Json, "api_key"));
    }

    [Fact]
    public async Task A_project_lists_its_retiring_API_key_with_deadline_and_last_use()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        await AssertAcceptedAsync(project.ApiKey);
        var before = await GetProjectAsync(admin, project.Id);
        var answer = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), """{"grace_period_seconds":3600}""");
        var after = answer.Json.GetProperty("project");
        Assert.Equal(
            ["api_key_display_prefix", "api_key_id", "api_key_last_used_at", "created_at", "id", "name", "retiring_api_keys", "updated_at"],
            after.EnumerateObject().Select(member => member.Name).Order());
        var retiring = Assert.Single(after.GetProperty("retiring_api_keys").EnumerateArray());
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
        var second = Text((await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).Json, "api_key");
        await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        var listed = (await GetProjectAsync(admin, project.Id)).GetProperty("retiring_api_keys");
        var (secondId, firstId) = (Text(listed[0], "id"), Text(listed[1], "id"));

        var deadline = Timestamps.FromNow(TimeSpan.FromDays(10));
        var moved = await ChangeDeadlineAsync(admin, project.Id, secondId, deadline);
        moved.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(deadline, Text(moved.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "valid_until"));
        foreach (var days in new[] { -1, 31 })
        {
            var bad = await ChangeDeadlineAsync(admin, project.Id, secondId, Timestamps.FromNow(TimeSpan.FromDays(days)));
            ErrorAssert.IsError(bad, 422, "validation_failed", naming: "valid_until");
        }

        var cut = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, firstId));
        cut.EnsureStatus(HttpStatusCode.OK);
        Assert.Single(cut.Json.GetProperty("project").GetProperty("retiring_api_keys").EnumerateArray());
        await AssertUnauthorizedAsync(project.ApiKey);
        await AssertAcceptedAsync(second);
        foreach (var gone in new[] { firstId, "x", "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV", Text(await GetProjectAsync(admin, project.Id), "api_key_id") })
        {
            var again = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, gone));
            ErrorAssert.IsError(again, 404, "retiring_secret_not_found");
            ErrorAssert.IsError(await ChangeDeadlineAsync(admin, project.Id, gone, deadline), 404, "retiring_secret_not_found");
        }

        (await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id))).EnsureStatus(HttpStatusCode.OK);
        await AssertUnauthorizedAsync(second);
    }

    [Fact]
    public async Task An_API_key_can_rotate_itself_and_expire_a_retiring_API_key()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        rotated.EnsureStatus(HttpStatusCode.OK);
        using var next = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        await AssertAcceptedAsync(project.ApiKey);

        var retiring = Text(rotated.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "id");
        (await next.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, retiring))).EnsureStatus(HttpStatusCode.OK);
        await AssertUnauthorizedAsync(project.ApiKey);
        (await next.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), NoGracePeriod)).EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await next.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }

    [Fact]
    public async Task A_retiring_API_key_can_extend_and_expire_itself()
    {
        using var project = await service.CreateProjectAsync();
        var rotated = await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        var own = Text(rotated.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "id");
        (await ChangeDeadlineAsync(project.Client, project.Id, own, Timestamps.FromNow(TimeSpan.FromDays(5)))).EnsureStatus(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, own))).EnsureStatus(HttpStatusCode.OK);
        await AssertUnauthorizedAsync(project.ApiKey);
        await AssertAcceptedAsync(Text(rotated.Json, "api_key"));
    }

    [Fact]
    public async Task API_keys_of_another_project_are_404_and_admin_operations_are_403()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(other.Id))).EnsureStatus(HttpStatusCode.OK);
        var before = (await GetProjectAsync(admin, other.Id)).ToString();
        var retiring = Text((await GetProjectAsync(admin, other.Id)).GetProperty("retiring_api_keys")[0], "id");

        foreach (var id in new[] { other.Id, "project_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" })
        {
            ApiResponse[] answers =
            [
                await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(id, retiring)),
                await ChangeDeadlineAsync(project.Client, id, retiring, Timestamps.FromNow(TimeSpan.FromDays(2))),
            ];
            Assert.All(answers, answer => ErrorAssert.IsError(answer, 404, "project_not_found"));
        }

        Assert.Equal(before, (await GetProjectAsync(admin, other.Id)).ToString());
        ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "n" }), 403, "forbidden");
        foreach (var path in new[] { Routes.Projects, Routes.Project(project.Id), Routes.Project(other.Id) })
            ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Get, path), 403, "forbidden");
    }

    private static Task<ApiResponse> ChangeDeadlineAsync(KeysClient client, string id, string secretId, string validUntil) =>
        client.SendAsync(HttpMethod.Patch, Routes.RetiringApiKey(id, secretId), new { valid_until = validUntil });

    private static async Task<JsonElement> GetProjectAsync(KeysClient admin, string id) =>
        (await admin.SendAsync(HttpMethod.Get, Routes.Project(id))).Json.GetProperty("project");

    private async Task AssertAcceptedAsync(string apiKey)
    {
        using var client = service.Process.CreateClient(apiKey);
        (await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).EnsureStatus(HttpStatusCode.OK);
    }

    private async Task AssertUnauthorizedAsync(string apiKey)
    {
        using var client = service.Process.CreateClient(apiKey);
        ErrorAssert.IsError(await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class ApiKeyRotationOnSqliteTests(SqliteService service) : ApiKeyRotationTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class ApiKeyRotationOnPostgresTests(PostgresService service) : ApiKeyRotationTests(service);

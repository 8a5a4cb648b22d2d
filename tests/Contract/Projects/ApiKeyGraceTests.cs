using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Projects;

/// <summary>The rotation of API keys, steered by the administrator and by the project's own API key.</summary>
public abstract class ApiKeyGraceTests(TestService service)
{
    private const string AtOnce = """{"grace_period_seconds":0}""";

    [Fact]
    public async Task A_grace_of_zero_ends_the_replaced_API_key_at_once()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var answer = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), AtOnce);
        answer.Expect(HttpStatusCode.OK);
        Assert.Empty(answer.Json.GetProperty("project").GetProperty("retiring_api_keys").EnumerateArray());
        await Refuses(project.ApiKey);
        await Accepts(Text(answer.Json, "api_key"));
    }

    [Fact]
    public async Task A_project_with_a_retiring_API_key_tells_all_of_it()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        await Accepts(project.ApiKey);
        var before = await ProjectAsync(admin, project.Id);
        var answer = await admin.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), """{"grace_period_seconds":3600}""");
        var after = answer.Json.GetProperty("project");
        Assert.Equal(
            ["api_key_display_prefix", "api_key_id", "api_key_last_used_at", "created_at", "id", "name", "retiring_api_keys", "updated_at"],
            after.EnumerateObject().Select(member => member.Name).Order());
        var retiring = Assert.Single(after.GetProperty("retiring_api_keys").EnumerateArray());
        IsRetiringSecret(retiring);
        Assert.Equal(Text(before, "api_key_id"), Text(retiring, "id"));
        Assert.Equal(Instant(before, "api_key_last_used_at"), Instant(retiring, "last_used_at"));
        Assert.NotNull(Instant(retiring, "last_used_at"));
        Assert.Null(Instant(after, "api_key_last_used_at"));
        Assert.Equal(Instant(after, "updated_at")!.Value.AddSeconds(3600), Instant(retiring, "valid_until"));
        Assert.NotEqual(Text(before, "api_key_id"), Text(after, "api_key_id"));
    }

    [Fact]
    public async Task The_administrator_cuts_one_and_all_and_moves_a_deadline()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var second = Text((await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).Json, "api_key");
        await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        var listed = (await ProjectAsync(admin, project.Id)).GetProperty("retiring_api_keys");
        var (secondId, firstId) = (Text(listed[0], "id"), Text(listed[1], "id"));

        var deadline = Instants.FromNow(TimeSpan.FromDays(10));
        var moved = await MoveAsync(admin, project.Id, secondId, deadline);
        moved.Expect(HttpStatusCode.OK);
        Assert.Equal(deadline, Text(moved.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "valid_until"));
        foreach (var days in new[] { -1, 31 })
        {
            var bad = await MoveAsync(admin, project.Id, secondId, Instants.FromNow(TimeSpan.FromDays(days)));
            ErrorAssert.IsError(bad, 422, "validation_failed", naming: "valid_until");
        }

        var cut = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, firstId));
        cut.Expect(HttpStatusCode.OK);
        Assert.Single(cut.Json.GetProperty("project").GetProperty("retiring_api_keys").EnumerateArray());
        await Refuses(project.ApiKey);
        await Accepts(second);
        foreach (var gone in new[] { firstId, "x", "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV", Text(await ProjectAsync(admin, project.Id), "api_key_id") })
        {
            var again = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, gone));
            ErrorAssert.IsError(again, 404, "retiring_secret_not_found");
            ErrorAssert.IsError(await MoveAsync(admin, project.Id, gone, deadline), 404, "retiring_secret_not_found");
        }

        (await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id))).Expect(HttpStatusCode.OK);
        await Refuses(second);
    }

    [Fact]
    public async Task An_API_key_rotates_itself_and_cuts_a_retiring_one()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        rotated.Expect(HttpStatusCode.OK);
        using var next = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        await Accepts(project.ApiKey);

        var retiring = Text(rotated.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "id");
        (await next.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, retiring))).Expect(HttpStatusCode.OK);
        await Refuses(project.ApiKey);
        (await next.SendTextAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id), AtOnce)).Expect(HttpStatusCode.OK);
        ErrorAssert.IsError(await next.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }

    [Fact]
    public async Task A_retiring_API_key_prolongs_and_then_cuts_itself()
    {
        using var project = await service.NewProjectAsync();
        var rotated = await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        var own = Text(rotated.Json.GetProperty("project").GetProperty("retiring_api_keys")[0], "id");
        (await MoveAsync(project.Client, project.Id, own, Instants.FromNow(TimeSpan.FromDays(5)))).Expect(HttpStatusCode.OK);
        (await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(project.Id, own))).Expect(HttpStatusCode.OK);
        await Refuses(project.ApiKey);
        await Accepts(Text(rotated.Json, "api_key"));
    }

    [Fact]
    public async Task Another_projects_API_keys_are_404_and_the_rest_of_projects_403()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(other.Id))).Expect(HttpStatusCode.OK);
        var before = (await ProjectAsync(admin, other.Id)).ToString();
        var retiring = Text((await ProjectAsync(admin, other.Id)).GetProperty("retiring_api_keys")[0], "id");

        foreach (var id in new[] { other.Id, "project_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" })
        {
            Answer[] answers =
            [
                await project.Client.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(id)),
                await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringApiKey(id, retiring)),
                await MoveAsync(project.Client, id, retiring, Instants.FromNow(TimeSpan.FromDays(2))),
            ];
            Assert.All(answers, answer => ErrorAssert.IsError(answer, 404, "project_not_found"));
        }

        Assert.Equal(before, (await ProjectAsync(admin, other.Id)).ToString());
        ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "n" }), 403, "forbidden");
        foreach (var path in new[] { Routes.Projects, Routes.Project(project.Id), Routes.Project(other.Id) })
            ErrorAssert.IsError(await project.Client.SendAsync(HttpMethod.Get, path), 403, "forbidden");
    }

    private static Task<Answer> MoveAsync(KeysClient client, string id, string secretId, string validUntil) =>
        client.SendAsync(HttpMethod.Patch, Routes.RetiringApiKey(id, secretId), new { valid_until = validUntil });

    private static async Task<JsonElement> ProjectAsync(KeysClient admin, string id) =>
        (await admin.SendAsync(HttpMethod.Get, Routes.Project(id))).Json.GetProperty("project");

    private async Task Accepts(string apiKey)
    {
        using var client = service.Process.CreateClient(apiKey);
        (await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Expect(HttpStatusCode.OK);
    }

    private async Task Refuses(string apiKey)
    {
        using var client = service.Process.CreateClient(apiKey);
        ErrorAssert.IsError(await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }
}

[Collection(SqliteService.Storage)]
public sealed class ApiKeyGraceOnSqliteTests(SqliteService service) : ApiKeyGraceTests(service);

[Collection(PostgresService.Storage)]
public sealed class ApiKeyGraceOnPostgresTests(PostgresService service) : ApiKeyGraceTests(service);

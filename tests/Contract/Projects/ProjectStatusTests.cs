using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

/// <summary>Projects that are renamed, disabled, enabled, archived and erased.</summary>
public abstract class ProjectStatusTests(TestService service)
{
    [Fact]
    public async Task A_project_is_renamed_by_the_administrator_and_by_an_API_key_and_keeps_its_slug()
    {
        using var project = await service.CreateProjectAsync("Zoë's shop");
        using var admin = service.CreateAdminClient();
        var before = await ReadAsync(admin, project.Id);
        Assert.StartsWith("zoe-s-shop-", Text(before, "slug"), StringComparison.Ordinal);
        foreach (var client in new[] { admin, project.Client })
        {
            var name = Guid.NewGuid().ToString();
            var renamed = await client.SendAsync(HttpMethod.Patch, Routes.Project(project.Id), new { name });
            renamed.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal((name, Text(before, "slug")), (Text(renamed.Project, "name"), Text(renamed.Project, "slug")));
        }
    }

    [Fact]
    public async Task The_administrator_sets_the_number_of_virtual_keys()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var own = await project.Client.SendAsync(
            HttpMethod.Patch, Routes.Project(project.Id), new { max_virtual_keys = 20_000 });
        ErrorAssert.IsError(own, 403, "forbidden");
        var set = await admin.SendAsync(HttpMethod.Patch, Routes.Project(project.Id), new { max_virtual_keys = 2 });
        set.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(2, set.Project.GetProperty("max_virtual_keys").GetInt32());
        await project.Client.CreateManyAsync(2);
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, "too_many_virtual_keys");
    }

    [Fact]
    public async Task Null_restores_the_default_number_of_virtual_keys_and_only_the_administrator_may_send_it()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var path = Routes.Project(project.Id);
        (await admin.SendAsync(HttpMethod.Patch, path, new { max_virtual_keys = 0 })).EnsureStatus(HttpStatusCode.OK);
        const string restore = """{"max_virtual_keys":null}""";
        ErrorAssert.IsError(await project.Client.SendTextAsync(HttpMethod.Patch, path, restore), 403, "forbidden");
        ErrorAssert.IsError(await project.Client.SendCreateAsync(), 422, "too_many_virtual_keys");

        var restored = await admin.SendTextAsync(HttpMethod.Patch, path, restore);

        restored.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(10_000, restored.Project.GetProperty("max_virtual_keys").GetInt32());
        await project.Client.CreateAsync();
    }

    [Theory]
    [InlineData("language", "null"), InlineData("framework", "null"), InlineData("teamId", "null")]
    [InlineData("language", "\"\""), InlineData("framework", "\"\""), InlineData("teamId", "\"\"")]
    public async Task Null_or_an_empty_text_clears_a_member_and_keeps_the_others(string member, string value)
    {
        using var project = await service.CreateProjectAsync();
        string[] members = ["language", "framework", "teamId"];
        var path = Routes.Project(project.Id);
        var set = await project.Client.SendTextAsync(
            HttpMethod.Patch, path, """{"language":"l","framework":"f","teamId":"t"}""");
        Assert.Equal(["l", "f", "t"], members.Select(name => Text(set.Project, name)));

        var cleared = await project.Client.SendTextAsync(HttpMethod.Patch, path, $$"""{"{{member}}":{{value}}}""");

        cleared.EnsureStatus(HttpStatusCode.OK);
        foreach (var name in members)
            Assert.Equal(name == member ? null : TextOrNull(set.Project, name), TextOrNull(cleared.Project, name));
    }

    [Fact]
    public async Task A_name_of_null_is_422()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendTextAsync(
            HttpMethod.Patch, Routes.Project(project.Id), """{"name":null}""");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "name");
    }

    [Fact]
    public async Task A_disabled_project_refuses_its_keys_until_it_is_enabled()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (_, secret) = await project.Client.CreateAsync();
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        var disabled = await admin.SendAsync(
            HttpMethod.Post, Routes.DisableProject(project.Id), new { reason = "unpaid" });
        disabled.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("disabled", Text(disabled.Project, "status"));
        Assert.Equal("unpaid", Text(disabled.Project, "disabled_reason"));
        ErrorAssert.IsError(await project.Client.SendVerifyAsync(secret), 403, "project_disabled");

        (await admin.SendAsync(HttpMethod.Post, Routes.EnableProject(project.Id))).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task An_archived_project_is_not_found_and_can_be_erased()
    {
        using var project = await service.CreateProjectAsync("to be erased");
        using var admin = service.CreateAdminClient();
        foreach (var _ in Enumerable.Range(0, 3)) await project.Client.CreateAsync();
        var erased = await admin.SendAsync(HttpMethod.Post, Routes.EraseProject(project.Id));
        ErrorAssert.IsError(erased, 409, "project_not_archived");

        for (var i = 0; i < 2; i++)
        {
            var archived = await admin.SendAsync(HttpMethod.Delete, Routes.Project(project.Id));
            archived.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("to be erased", Text(archived.Json, "name"));
            Assert.NotNull(Timestamp(archived.Json, "archivedAt"));
        }

        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
        var read = await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id));
        ErrorAssert.IsError(read, 404, "project_not_found");
        var patched = await admin.SendAsync(HttpMethod.Patch, Routes.Project(project.Id), new { name = "n" });
        ErrorAssert.IsError(patched, 404, "project_not_found");
        Assert.DoesNotContain(project.Id, await ListAsync(admin, ""), StringComparison.Ordinal);
        Assert.Contains(project.Id, await ListAsync(admin, "?status=archived"), StringComparison.Ordinal);

        (await admin.SendAsync(HttpMethod.Post, Routes.EraseProject(project.Id))).EnsureStatus(HttpStatusCode.Accepted);
        await Wait.UntilAsync(async () =>
        {
            using var list = JsonDocument.Parse(await ListAsync(admin, "?status=archived"));
            return list.RootElement.GetProperty("data").EnumerateArray().Any(listed =>
                Text(listed, "id") == project.Id && Timestamp(listed, "erased_at") is not null);
        });
        Assert.DoesNotContain("to be erased", await ListAsync(admin, "?status=archived"), StringComparison.Ordinal);
        await ApiKeyAssert.IsRefusedAsync(service, project.ApiKey);
    }

    [Fact]
    public async Task A_project_has_the_flat_members_of_LangWatch()
    {
        using var admin = service.CreateAdminClient();
        var created = await admin.SendTextAsync(
            HttpMethod.Post,
            Routes.Projects,
            """{"name":"Demo","language":"python","framework":"langchain","teamId":"Core"}""");
        created.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal(Text(created.Json, "api_key"), Text(created.Json, "serviceApiKey"));
        using var client = service.Process.CreateClient(Text(created.Json, "serviceApiKey"));
        var caller = (await client.SendAsync(HttpMethod.Get, Routes.WhoAmI)).Json;
        Assert.Equal(Text(caller, "api_key_id"), Text(created.Json, "serviceApiKeyId"));
        Assert.Equal(Text(caller, "secret_id"), Text(created.Project, "api_key_id"));
        var listed = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page=1&limit=50");
        Assert.Equal(1, listed.Json.GetProperty("pagination").GetProperty("page").GetInt32());
        Assert.True(listed.Json.GetProperty("pagination").GetProperty("totalPages").GetInt64() >= 1);
        var read = await admin.SendAsync(HttpMethod.Get, Routes.Project(Text(created.Json, "id")));
        var updated = await admin.SendTextAsync(
            HttpMethod.Patch, Routes.Project(Text(created.Json, "id")), """{"language":"python"}""");
        foreach (var flat in new[] { created.Json, read.Json, updated.Json, listed.Json.GetProperty("data")[0] })
        {
            Assert.Equal(
                ("Demo", "python", "langchain", "Core"),
                (Text(flat, "name"), Text(flat, "language"), Text(flat, "framework"), Text(flat, "teamId")));
            Assert.StartsWith("demo-", Text(flat, "slug"), StringComparison.Ordinal);
            Assert.NotNull(Timestamp(flat, "createdAt"));
            Assert.NotNull(Timestamp(flat, "updatedAt"));
        }

        var pii = await admin.SendTextAsync(
            HttpMethod.Patch, Routes.Project(Text(created.Json, "id")), """{"piiRedactionLevel":"STRICT"}""");
        ErrorAssert.IsError(pii, 422, "unsupported_member", naming: "piiRedactionLevel");
    }

    private static async Task<JsonElement> ReadAsync(KeysClient admin, string id) =>
        (await admin.SendAsync(HttpMethod.Get, Routes.Project(id))).Project;

    private static async Task<string> ListAsync(KeysClient admin, string query)
    {
        var response = await admin.SendAsync(HttpMethod.Get, Routes.Projects + query);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Body;
    }
}

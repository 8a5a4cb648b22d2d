using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

/// <summary>
/// Requests as the <c>projects</c> commands of LangWatch's CLI and its Python SDK send them, and the members that they
/// read.
/// </summary>
[Collection(SqliteService.CollectionName)]
public sealed class LangWatchProjectRequestTests(SqliteService service)
{
    private static readonly string[] Flat =
    [
        "id", "name", "slug", "language", "framework", "teamId", "piiRedactionLevel", "createdAt", "updatedAt",
    ];

    [Theory]
    [InlineData("""{"name":"Demo","language":"python","framework":"langchain","teamId":"team_1"}""", "team_1")]
    [InlineData(
        """{"name":"Demo","language":"python","framework":"langchain","teamId":"team_1","newTeamName":null}""",
        "team_1")]
    [InlineData("""{"name":"Demo","language":"python","framework":"langchain"}""", null)]
    public async Task A_create_returns_what_the_clients_read(string body, string? team)
    {
        using var admin = service.CreateAdminClient();
        var created = await admin.SendTextAsync(HttpMethod.Post, Routes.Projects, body);
        created.EnsureStatus(HttpStatusCode.Created);
        AssertHas(created.Json, [.. Flat, "serviceApiKey", "serviceApiKeyId"]);
        Assert.Equal(team, TextOrNull(created.Json, "teamId"));
        using var client = service.Process.CreateClient(Text(created.Json, "serviceApiKey"));
        (await client.ListAsync()).EnsureStatus(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"name":"Demo","language":"python","framework":"langchain","newTeamName":"Core"}""")]
    [InlineData("""{"name":"Demo","language":"python","framework":"langchain","teamId":"t","newTeamName":"Core"}""")]
    public async Task A_create_of_a_team_is_refused(string body)
    {
        using var admin = service.CreateAdminClient();
        var refused = await admin.SendTextAsync(HttpMethod.Post, Routes.Projects, body);
        ErrorAssert.IsError(refused, 422, "unsupported_member", naming: "newTeamName");
    }

    [Fact]
    public async Task A_list_has_the_members_and_the_paging_that_the_clients_read()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        foreach (var query in new[] { "?page=1&limit=50", "?page=1", "" })
        {
            var response = await admin.SendAsync(HttpMethod.Get, Routes.Projects + query);
            response.EnsureStatus(HttpStatusCode.OK);
            AssertHas(response.Json.GetProperty("data")[0], Flat);
            AssertHas(response.Json.GetProperty("pagination"), ["page", "limit", "total", "totalPages"]);
        }
    }

    /// <summary>The TypeScript client sends a content type without a body.</summary>
    [Fact]
    public async Task A_get_returns_what_the_clients_read()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var read = await admin.SendTextAsync(HttpMethod.Get, Routes.Project(project.Id), "");
        read.EnsureStatus(HttpStatusCode.OK);
        AssertHas(read.Json, Flat);
        Assert.Equal(project.Id, Text(read.Json, "id"));
        Assert.Null(TextOrNull(read.Json, "piiRedactionLevel"));
    }

    [Theory]
    [InlineData("""{"name":"renamed"}""", "name", "renamed")]
    [InlineData("""{"language":"typescript"}""", "language", "typescript")]
    [InlineData("""{"framework":""}""", "framework", null)]
    [InlineData("{}", "name", "a project")]
    public async Task An_update_returns_what_the_clients_read(
        string body, string member, string? expected)
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var updated = await admin.SendTextAsync(HttpMethod.Patch, Routes.Project(project.Id), body);
        updated.EnsureStatus(HttpStatusCode.OK);
        AssertHas(updated.Json, Flat);
        Assert.Equal(expected, TextOrNull(updated.Json, member));
    }

    [Fact]
    public async Task A_delete_archives_and_returns_the_name_and_the_time()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var deleted = await admin.SendAsync(HttpMethod.Delete, Routes.Project(project.Id));
        deleted.EnsureStatus(HttpStatusCode.OK);
        AssertHas(deleted.Json, ["id", "name", "archivedAt"]);
        var read = await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id));
        ErrorAssert.IsError(read, 404, "project_not_found");
    }

    private static void AssertHas(JsonElement json, string[] members) => Assert.All(
        members, member => Assert.True(json.TryGetProperty(member, out _), $"{member} is missing in {json}"));
}

using System.Globalization;
using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Projects;

public abstract class ProjectsTests(TestService service)
{
    [Fact]
    public async Task A_new_project_comes_with_an_API_key_that_works_at_once()
    {
        using var admin = service.CreateAdmin();
        var answer = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "Zoë 🔑" });
        answer.Expect(HttpStatusCode.Created);
        Assert.Equal(["api_key", "project"], answer.Json.EnumerateObject().Select(member => member.Name).Order());
        var apiKey = Text(answer.Json, "api_key");
        Assert.Matches("^sk-lw-[^_]+$", apiKey);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var project = answer.Json.GetProperty("project");
        Assert.Equal("Zoë 🔑", Text(project, "name"));
        Assert.Equal(Routes.Project(Text(project, "id")), answer.Headers["Location"]);
        Assert.NotNull(Instant(project, "created_at"));
        Assert.StartsWith(Text(project, "api_key_display_prefix"), apiKey, StringComparison.Ordinal);

        using var client = service.Process.CreateClient(apiKey);
        var (_, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_project_can_be_read_and_one_that_is_not_there_is_404()
    {
        using var project = await service.NewProjectAsync("to be read");
        using var admin = service.CreateAdmin();
        var answer = await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id));
        answer.Expect(HttpStatusCode.OK);
        Assert.Equal("to be read", Text(answer.Json.GetProperty("project"), "name"));

        string[] missing = ["project_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "project_", project.Id.ToLowerInvariant(), project.Id + "0"];
        foreach (var id in missing)
        {
            ErrorAssert.IsError(await admin.SendAsync(HttpMethod.Get, Routes.Project(id)), 404, "project_not_found");
            ErrorAssert.IsError(await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id)), 404, "project_not_found");
        }
    }

    [Fact]
    public async Task Pages_of_projects_cover_them_newest_first_and_tell_the_total()
    {
        using var admin = service.CreateAdmin();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var project = await service.NewProjectAsync(i.ToString(CultureInfo.InvariantCulture));
            ids.Add(project.Id);
        }

        // No other test of this storage runs meanwhile, so that the five are the newest.
        var seen = new List<string>();
        foreach (var page in new[] { 1, 2, 3 })
        {
            var answer = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page={page}&limit=2");
            answer.Expect(HttpStatusCode.OK);
            var pagination = answer.Json.GetProperty("pagination");
            Assert.Equal(page, pagination.GetProperty("page").GetInt32());
            Assert.Equal(2, pagination.GetProperty("limit").GetInt32());
            Assert.True(pagination.GetProperty("total").GetInt64() >= 5);
            seen.AddRange(answer.Json.GetProperty("data").EnumerateArray().Select(project => Text(project, "id")));
        }

        Assert.Equal(ids.Order(), seen.Take(5).Order());
        var beyond = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page=1000000&limit=200");
        Assert.Empty(beyond.Json.GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("page=0"), InlineData("page=1000001"), InlineData("page=x"), InlineData("page=-1")]
    [InlineData("limit=0"), InlineData("limit=201"), InlineData("limit=x")]
    public async Task A_page_outside_its_bounds_is_422(string query)
    {
        using var admin = service.CreateAdmin();
        var answer = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?{query}");
        ErrorAssert.IsError(answer, 422, "validation_failed", naming: query[..query.IndexOf('=', StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task A_rotated_API_key_works_at_once_and_the_old_ones_go_on_working()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var keys = new List<string> { project.ApiKey };
        for (var i = 0; i < 2; i++)
        {
            var answer = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
            answer.Expect(HttpStatusCode.OK);
            keys.Add(Text(answer.Json, "api_key"));
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            Assert.Equal(i + 1, answer.Json.GetProperty("project").GetProperty("retiring_api_keys").GetArrayLength());
        }

        Assert.Equal(3, keys.Distinct().Count());
        foreach (var key in keys)
        {
            using var client = service.Process.CreateClient(key);
            (await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_rotation_beyond_32_retiring_API_keys_is_422_and_ends_none()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        for (var i = 0; i < 32; i++)
            (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).Expect(HttpStatusCode.OK);
        var answer = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        ErrorAssert.IsError(answer, 422, "too_many_retiring_secrets");
        (await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).Expect(HttpStatusCode.OK);
    }
}

[Collection(SqliteService.Storage)]
public sealed class ProjectsOnSqliteTests(SqliteService service) : ProjectsTests(service);

[Collection(PostgresService.Storage)]
public sealed class ProjectsOnPostgresTests(PostgresService service) : ProjectsTests(service);

using System.Globalization;
using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Projects;

public abstract class ProjectsTests(TestService service)
{
    [Fact]
    public async Task A_new_project_has_an_API_key_that_is_valid_immediately()
    {
        using var admin = service.CreateAdminClient();
        var answer = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "Zoë 🔑" });
        answer.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal(["api_key", "project"], answer.Json.EnumerateObject().Select(member => member.Name).Order());
        var apiKey = Text(answer.Json, "api_key");
        Assert.Matches("^sk-lw-[^_]+$", apiKey);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var project = answer.Json.GetProperty("project");
        Assert.Equal("Zoë 🔑", Text(project, "name"));
        Assert.Equal(Routes.Project(Text(project, "id")), answer.Headers["Location"]);
        Assert.NotNull(Timestamp(project, "created_at"));
        Assert.StartsWith(Text(project, "api_key_display_prefix"), apiKey, StringComparison.Ordinal);

        using var client = service.Process.CreateClient(apiKey);
        var (_, secret) = await client.CreateAsync();
        Assert.Equal("active", await client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_project_can_be_read_and_an_unknown_project_is_404()
    {
        using var project = await service.CreateProjectAsync("to be read");
        using var admin = service.CreateAdminClient();
        var answer = await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id));
        answer.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("to be read", Text(answer.Json.GetProperty("project"), "name"));

        string[] missing = ["project_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "project_", project.Id.ToLowerInvariant(), project.Id + "0"];
        foreach (var id in missing)
        {
            ErrorAssert.IsError(await admin.SendAsync(HttpMethod.Get, Routes.Project(id)), 404, "project_not_found");
            ErrorAssert.IsError(await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id)), 404, "project_not_found");
        }
    }

    [Fact]
    public async Task Pages_list_every_project_newest_first_with_the_total()
    {
        using var admin = service.CreateAdminClient();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var project = await service.CreateProjectAsync(i.ToString(CultureInfo.InvariantCulture));
            ids.Add(project.Id);
        }

        // No other test of this storage runs meanwhile, so that the five are the newest.
        var seen = new List<string>();
        foreach (var page in new[] { 1, 2, 3 })
        {
            var answer = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page={page}&limit=2");
            answer.EnsureStatus(HttpStatusCode.OK);
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
    public async Task A_page_or_limit_out_of_range_is_422(string query)
    {
        using var admin = service.CreateAdminClient();
        var answer = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?{query}");
        ErrorAssert.IsError(answer, 422, "validation_failed", naming: query[..query.IndexOf('=', StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task A_new_API_key_is_valid_immediately_and_replaced_ones_stay_valid()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var keys = new List<string> { project.ApiKey };
        for (var i = 0; i < 2; i++)
        {
            var answer = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
            answer.EnsureStatus(HttpStatusCode.OK);
            keys.Add(Text(answer.Json, "api_key"));
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            Assert.Equal(i + 1, answer.Json.GetProperty("project").GetProperty("retiring_api_keys").GetArrayLength());
        }

        Assert.Equal(3, keys.Distinct().Count());
        foreach (var key in keys)
        {
            using var client = service.Process.CreateClient(key);
            (await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).EnsureStatus(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_rotation_beyond_32_retiring_API_keys_is_422_and_expires_none()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        for (var i = 0; i < 32; i++)
            (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).EnsureStatus(HttpStatusCode.OK);
        var answer = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        ErrorAssert.IsError(answer, 422, "too_many_retiring_secrets");
        (await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys)).EnsureStatus(HttpStatusCode.OK);
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class ProjectsOnSqliteTests(SqliteService service) : ProjectsTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class ProjectsOnPostgresTests(PostgresService service) : ProjectsTests(service);

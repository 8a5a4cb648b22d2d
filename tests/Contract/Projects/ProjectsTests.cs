using System.Globalization;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Projects;

public abstract class ProjectsTests(TestService service)
{
    [Fact]
    public async Task A_new_project_has_an_API_key_that_is_valid_immediately()
    {
        using var admin = service.CreateAdminClient();
        var response = await admin.SendAsync(HttpMethod.Post, Routes.Projects, new { name = "Zoë 🔑" });
        response.EnsureStatus(HttpStatusCode.Created);
        var apiKey = Text(response.Json, "api_key");
        Assert.Matches("^sk-lw-[^_]+$", apiKey);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        var project = response.Project;
        Assert.Equal("Zoë 🔑", Text(project, "name"));
        Assert.Equal(Routes.Project(Text(project, "id")), response.Headers["Location"]);
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
        var response = await admin.SendAsync(HttpMethod.Get, Routes.Project(project.Id));
        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("to be read", Text(response.Project, "name"));

        string[] unknown = [UnknownIds.Project, "x", "project_", project.Id.ToLowerInvariant(), project.Id + "0"];
        foreach (var id in unknown)
        {
            ErrorAssert.IsError(await admin.SendAsync(HttpMethod.Get, Routes.Project(id)), 404, "project_not_found");
            var rotated = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(id));
            ErrorAssert.IsError(rotated, 404, "project_not_found");
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

        // The tests of a collection run one after the other, so these five are the newest.
        var seen = new List<string>();
        foreach (var page in new[] { 1, 2, 3 })
        {
            var response = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page={page}&limit=2");
            response.EnsureStatus(HttpStatusCode.OK);
            var pagination = response.Json.GetProperty("pagination");
            Assert.Equal(page, pagination.GetProperty("page").GetInt32());
            Assert.Equal(2, pagination.GetProperty("limit").GetInt32());
            Assert.True(pagination.GetProperty("total").GetInt64() >= 5);
            seen.AddRange(response.Json.GetProperty("data").EnumerateArray().Select(project => Text(project, "id")));
        }

        Assert.Equal(ids.Order(), seen.Take(5).Order());
        var beyond = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page=1000000&limit=200");
        Assert.Empty(beyond.Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Pages_by_cursor_do_not_move_while_projects_are_created()
    {
        using var admin = service.CreateAdminClient();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await admin.CreateProjectAsync($"{i}")).Id);

        var seen = new List<string>();
        var query = "?limit=2";
        for (var page = 0; page < 3; page++)
        {
            var response = await admin.SendAsync(HttpMethod.Get, Routes.Projects + query);
            response.EnsureStatus(HttpStatusCode.OK);
            seen.AddRange(response.Json.GetProperty("data").EnumerateArray().Select(project => Text(project, "id")));
            query = $"?limit=2&cursor={response.Json.GetProperty("next_cursor").GetString()}";
            await admin.CreateProjectAsync("in between");
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen.Take(5));
        Assert.Distinct(seen);
    }

    [Fact]
    public async Task The_last_page_has_no_cursor_and_a_cursor_belongs_to_its_list()
    {
        using var admin = service.CreateAdminClient();
        await admin.CreateProjectAsync();
        await admin.CreateProjectAsync();
        var first = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?limit=1");
        var cursor = Text(first.Json, "next_cursor");

        var total = first.Json.GetProperty("pagination").GetProperty("total").GetInt64();
        var last = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?page={total}&limit=1");
        Assert.Equal(JsonValueKind.Null, last.Json.GetProperty("next_cursor").ValueKind);
        foreach (var query in (string[])[$"cursor={cursor}&status=archived", $"cursor={cursor}&page=1", "cursor=x"])
        {
            var response = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?{query}");
            ErrorAssert.IsError(response, 422, "validation_failed", naming: "cursor");
        }
    }

    [Theory]
    [InlineData("page=0"), InlineData("page=1000001"), InlineData("page=x"), InlineData("page=-1")]
    [InlineData("limit=0"), InlineData("limit=201"), InlineData("limit=x")]
    public async Task A_page_or_limit_out_of_range_is_422(string query)
    {
        using var admin = service.CreateAdminClient();
        var response = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?{query}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: query.Split('=')[0]);
    }
}

using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Events;

/// <summary>Lists of events over REST.</summary>
public abstract class EventListTests(TestService service)
{
    private static readonly string[] Members =
    [
        "id", "type", "project_id", "virtual_key_id", "revision", "secret_id", "actor", "request_id",
        "source_address", "changes", "at",
    ];

    [Fact]
    public async Task The_events_of_a_key_say_what_happened_and_who_did_it()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync("checkout");
        var rotated = await project.Client.RotateAsync(id);
        await project.Client.DisableAsync(id, "seen in a repository");
        await project.Client.RevokeAsync(id);

        var events = GetEvents(await GetAsync(project.Client, Routes.VirtualKeyEvents(id)));

        Assert.Equal(
            ["virtual_key.created", "virtual_key.rotated", "virtual_key.disabled", "virtual_key.revoked"],
            events.Select(item => Text(item, "type")));
        foreach (var item in events)
        {
            Assert.Equal(Members.Order(), item.EnumerateObject().Select(member => member.Name).Order());
            Assert.Equal((project.Id, id), (Text(item, "project_id"), Text(item, "virtual_key_id")));
            var actor = item.GetProperty("actor");
            Assert.Equal("api_key", Text(actor, "kind"));
            Assert.StartsWith("secret_", Text(actor, "id"), StringComparison.Ordinal);
            Assert.StartsWith(Text(actor, "name"), project.ApiKey, StringComparison.Ordinal);
            Assert.NotEmpty(Text(item, "source_address"));
            Timestamp(item, "at");
        }

        Assert.Equal(["1", "2", "3", "4"], events.Select(item => Text(item, "revision")));
        Assert.Equal(rotated.Headers["X-Request-Id"], Text(events[1], "request_id"));
        Assert.Equal(Text(rotated.VirtualKey, "secret_id"), Text(events[1], "secret_id"));
        Assert.Equal(
            "seen in a repository", Text(events[2].GetProperty("changes").GetProperty("disabled_reason"), "new"));
    }

    [Fact]
    public async Task The_events_of_a_project_contain_those_of_its_keys_and_of_no_other_project()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await other.Client.CreateAsync();

        var events = GetEvents(await GetAsync(project.Client, Routes.Events));

        Assert.Equal(["project.created", "virtual_key.created"], events.Select(item => Text(item, "type")));
        Assert.Equal([null, id], events.Select(item => TextOrNull(item, "virtual_key_id")));
        Assert.All(events, item => Assert.Equal(project.Id, Text(item, "project_id")));
    }

    [Fact]
    public async Task The_administrator_sees_the_events_of_all_projects_and_filters_by_project_and_key()
    {
        using var admin = service.CreateAdminClient();
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var newest = GetEvents(await GetAsync(admin, $"{Routes.AllEvents}?order=desc&limit=3"));
        Assert.Equal([project.Id, other.Id, project.Id], newest.Select(item => Text(item, "project_id")));

        var ofProject = GetEvents(await GetAsync(admin, $"{Routes.AllEvents}?project_id={project.Id}"));
        Assert.Equal(["project.created", "virtual_key.created"], ofProject.Select(item => Text(item, "type")));
        var ofKey = GetEvents(await GetAsync(admin, $"{Routes.AllEvents}?virtual_key_id={id}"));
        Assert.Equal(id, Text(Assert.Single(ofKey), "virtual_key_id"));
        var ofNone = GetEvents(await GetAsync(
            admin, $"{Routes.AllEvents}?project_id={other.Id}&virtual_key_id={id}"));
        Assert.Empty(ofNone);
    }

    [Theory]
    [InlineData(UnknownIds.VirtualKey)]
    [InlineData("vk_1")]
    public async Task An_unknown_key_is_404_as_is_one_of_another_project(string unknown)
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var (id, _) = await other.Client.CreateAsync();
        string? body = null;
        foreach (var key in new[] { unknown, id })
        {
            foreach (var path in new[] { Routes.VirtualKeyEvents(key), $"{Routes.Events}?virtual_key_id={key}" })
            {
                var response = await project.Client.SendAsync(HttpMethod.Get, path);
                ErrorAssert.IsError(response, 404, "virtual_key_not_found");
                Assert.Equal(body ??= response.Body, response.Body);
            }
        }
    }

    [Fact]
    public async Task A_client_that_follows_receives_each_event_once()
    {
        using var project = await service.CreateProjectAsync();
        var seen = new List<string>();
        var cursor = "";
        for (var i = 0; i < 5; i++)
        {
            await project.Client.CreateManyAsync(i, concurrency: 4);
            JsonElement page;
            do
            {
                page = await GetAsync(project.Client, $"{Routes.Events}?limit=2&cursor={cursor}");
                Assert.True(page.GetProperty("data").GetArrayLength() <= 2);
                seen.AddRange(GetEvents(page).Select(item => Text(item, "id")));
                cursor = Text(page, "next_cursor");
            }
            while (page.GetProperty("has_more").GetBoolean());
        }

        Assert.Equal(11, seen.Count);
        Assert.Equal(11, seen.Distinct().Count());
        Assert.Empty(GetEvents(await GetAsync(project.Client, $"{Routes.Events}?cursor={cursor}")));
    }

    [Fact]
    public async Task Filters_select_events_by_type_actor_key_and_time()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (first, _) = await project.Client.CreateAsync();
        var (second, _) = await project.Client.CreateAsync();
        await project.Client.RevokeAsync(first);
        await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        var all = GetEvents(await GetAsync(project.Client, Routes.Events));
        var actor = Text(all[1].GetProperty("actor"), "id");
        var at = Text(all[^1], "at");

        await AssertAsync("type=virtual_key.revoked", 3);
        await AssertAsync("type=api_key.rotated", 4);
        await AssertAsync("type=virtual_key.rotated");
        await AssertAsync("actor=default", 0, 4);
        await AssertAsync($"actor={actor}", 1, 2, 3);
        await AssertAsync($"virtual_key_id={first}", 1, 3);
        await AssertAsync($"virtual_key_id={second}&type=virtual_key.created", 2);
        await AssertAsync($"to={at}", [.. Enumerable.Range(0, 4).Where(i => Text(all[i], "at") != at)]);
        await AssertAsync($"from={at}", [.. Enumerable.Range(0, 5).Where(i => Text(all[i], "at") == at)]);
        await AssertAsync("from=2020-01-01&to=2020-01-02");

        async Task AssertAsync(string query, params int[] expected)
        {
            var events = GetEvents(await GetAsync(project.Client, $"{Routes.Events}?{query}"));
            Assert.Equal(expected.Select(i => Text(all[i], "id")), events.Select(item => Text(item, "id")));
        }
    }

    [Fact]
    public async Task A_descending_list_ends_without_a_cursor()
    {
        using var project = await service.CreateProjectAsync();
        await project.Client.CreateManyAsync(2);
        var ascending = GetEvents(await GetAsync(project.Client, Routes.Events)).Select(item => Text(item, "id"));

        var first = await GetAsync(project.Client, $"{Routes.Events}?order=desc&limit=2");
        var second = await GetAsync(
            project.Client, $"{Routes.Events}?order=desc&limit=2&cursor={Text(first, "next_cursor")}");

        Assert.Equal(
            ascending.Reverse(), GetEvents(first).Concat(GetEvents(second)).Select(item => Text(item, "id")));
        Assert.Null(TextOrNull(second, "next_cursor"));
        Assert.False(second.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task A_cursor_of_another_list_or_a_damaged_one_is_422()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, _) = await project.Client.CreateAsync();
        var cursor = Text(await GetAsync(project.Client, $"{Routes.Events}?limit=1"), "next_cursor");
        (KeysClient Client, string Path)[] lists =
        [
            (other.Client, $"{Routes.Events}?"),
            (project.Client, $"{Routes.VirtualKeyEvents(id)}?"),
            (project.Client, $"{Routes.Events}?virtual_key_id={id}&"),
            (project.Client, $"{Routes.Events}?type=virtual_key.created&"),
            (project.Client, $"{Routes.Events}?actor=admin&"),
            (project.Client, $"{Routes.Events}?from=2020-01-01&"),
            (project.Client, $"{Routes.Events}?to=2100-01-01&"),
            (project.Client, $"{Routes.Events}?order=desc&"),
            (admin, $"{Routes.AllEvents}?"),
            (admin, $"{Routes.AllEvents}?project_id={project.Id}&"),
        ];
        foreach (var (client, path) in lists)
            AssertRefused(await client.SendAsync(HttpMethod.Get, $"{path}cursor={cursor}"));

        var changed = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..];
        foreach (var damaged in new[] { cursor[..^4], changed, cursor + "AAAA", "A", "!", new string('A', 7000) })
        {
            AssertRefused(await project.Client.SendAsync(HttpMethod.Get, $"{Routes.Events}?cursor={damaged}"));
        }

        Assert.Single(GetEvents(await GetAsync(project.Client, $"{Routes.Events}?cursor={cursor}&order=asc")));

        static void AssertRefused(ApiResponse response) =>
            ErrorAssert.IsError(response, 422, "validation_failed", naming: "cursor must be ");
    }

    [Theory]
    [InlineData("limit=0", "limit"), InlineData("limit=201", "limit"), InlineData("limit=x", "limit")]
    [InlineData("type=", "type"), InlineData("type=rotated", "type"), InlineData("type=virtual_key.Rotated", "type")]
    [InlineData("actor=", "actor"), InlineData("actor=a%00b", "actor"), InlineData("from=soon", "from")]
    [InlineData("to=2026-11-22T10:15:00", "to"), InlineData("from=2026-11-23&to=2026-11-22", "from")]
    [InlineData("order=newest", "order"), InlineData("type=a.b&type=a.b", "type")]
    public async Task An_invalid_parameter_is_422_naming_it(string query, string parameter)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.Events}?{query}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: $"{parameter} must ");
    }

    [Theory]
    [InlineData(Routes.AllEvents, "virtual_key_id=x"), InlineData(Routes.AllEvents, "project_id=x")]
    [InlineData(Routes.AllEvents, "status=active"), InlineData(Routes.AllEvents, "actor_id=x")]
    public async Task An_invalid_id_or_unknown_parameter_of_the_administrator_is_422(string path, string query)
    {
        using var admin = service.CreateAdminClient();
        var response = await admin.SendAsync(HttpMethod.Get, $"{path}?{query}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: query.Split('=')[0]);
    }

    [Fact]
    public async Task A_project_cannot_filter_by_project()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.Events}?project_id={project.Id}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "project_id");
    }

    private static async Task<JsonElement> GetAsync(KeysClient client, string path)
    {
        var response = await client.SendAsync(HttpMethod.Get, path);
        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        return response.Json;
    }

    private static JsonElement[] GetEvents(JsonElement page) => [.. page.GetProperty("data").EnumerateArray()];
}

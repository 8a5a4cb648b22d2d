using System.Globalization;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class ListVirtualKeysTests(TestService service)
{
    [Fact]
    public async Task A_project_without_keys_has_one_empty_page()
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.ListAsync();
        response.EnsureStatus(HttpStatusCode.OK);
        Assert.Empty(response.Json.GetProperty("data").EnumerateArray());
        Assert.Null(TextOrNull(response.Json, "next_cursor"));
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Only_the_keys_of_the_project_are_listed_newest_first_including_revoked_ones()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        await otherProject.Client.CreateAsync();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
            ids.Add((await project.Client.CreateAsync(i.ToString(CultureInfo.InvariantCulture))).Id);
        await project.Client.RevokeAsync(ids[1]);
        await project.Client.RotateAsync(ids[0]);

        var response = await project.Client.ListAsync();
        var keys = response.Json.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(ids.Order(), keys.Select(key => Text(key, "id")).Order());
        var created = keys.Select(key => Timestamp(key, "created_at")).ToArray();
        Assert.Equal(created.OrderDescending(), created);
        Assert.All(keys, key => Assert.Equal(Text(key, "id") == ids[1] ? "revoked" : "active", Text(key, "status")));
        Assert.All(keys, AssertVirtualKeyShape);
        foreach (var key in keys)
        {
            var read = await project.GetKeyAsync(Text(key, "id"));
            Assert.Equal(read.ToString(), key.ToString());
        }
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(200)]
    public async Task Pages_list_every_key_exactly_once_while_others_are_being_created(int limit)
    {
        using var project = await service.CreateProjectAsync();
        var first = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => project.Client.CreateAsync()));
        var expected = first.Select(key => key.Id).ToHashSet();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await GetPageAsync(project, limit, cursor);
            var keys = page.GetProperty("data").EnumerateArray().ToArray();
            Assert.InRange(keys.Length, 1, limit);
            seen.AddRange(keys.Select(key => Text(key, "id")));
            cursor = TextOrNull(page, "next_cursor");
            await project.Client.CreateAsync("another key");
        }
        while (cursor is not null);

        Assert.Equal(expected.Order(), seen.Order());
    }

    [Fact]
    public async Task The_default_page_size_is_50_after_a_cursor_and_more_without_one()
    {
        using var project = await service.CreateProjectAsync();
        await Task.WhenAll(Enumerable.Range(0, 52).Select(_ => project.Client.CreateAsync()));
        var all = await project.ListAsync("?limit=&cursor=");
        Assert.Equal(52, all.GetProperty("data").GetArrayLength());
        Assert.Null(TextOrNull(all, "next_cursor"));

        var first = await GetPageAsync(project, 1, cursor: null);
        var second = await project.ListAsync($"?cursor={Text(first, "next_cursor")}");
        Assert.Equal(50, second.GetProperty("data").GetArrayLength());
        var rest = await project.ListAsync($"?cursor={Text(second, "next_cursor")}");
        Assert.Equal(1, rest.GetProperty("data").GetArrayLength());
        Assert.Null(TextOrNull(rest, "next_cursor"));
    }

    [Theory]
    [InlineData("limit=0"), InlineData("limit=201"), InlineData("limit=-1"), InlineData("limit=1.5")]
    [InlineData("limit=x"), InlineData("limit=%201"), InlineData("limit=99999999999999999999")]
    [InlineData("limit=1&limit=2")]
    public async Task A_limit_out_of_range_is_422(string query)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.ListAsync($"?{query}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "limit");
    }

    [Theory]
    [InlineData("x"), InlineData("%00"), InlineData("1"), InlineData("%2B%2F%3D%3D"), InlineData("%F0%9F%94%91")]
    [InlineData("MjAyNi0wMS0wMVQwMDowMDowMC4wMDBa"), InlineData("MjAyNi0wMS0wMSB2a18x"), InlineData("..%2F..%2Fetc")]
    public async Task A_cursor_that_the_API_did_not_issue_is_422(string cursor)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.ListAsync($"?cursor={cursor}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: "cursor");
    }

    private static async Task<JsonElement> GetPageAsync(TestProject project, int limit, string? cursor)
    {
        var query = cursor is null ? $"?limit={limit}" : $"?limit={limit}&cursor={Uri.EscapeDataString(cursor)}";
        var response = await project.Client.SendAsync(HttpMethod.Get, Routes.VirtualKeys + query);
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json;
    }
}

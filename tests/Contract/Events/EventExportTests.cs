using System.Net.Http.Headers;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Events;

/// <summary>Exports of events, one per line.</summary>
public abstract class EventExportTests(TestService service)
{
    private const string MediaType = "application/x-ndjson";

    [Fact]
    public async Task An_export_contains_every_event_of_all_pages_once()
    {
        using var project = await service.CreateProjectAsync();
        await CreateEventsAsync(project, 450);

        var response = await project.Client.GetWithHeadersAsync(Routes.Events, ("Accept", MediaType));

        Assert.Equal(MediaType, response.Headers["Content-Type"]);
        Assert.Equal("no-store", response.Headers["Cache-Control"]);
        var lines = Parse(response.Body);
        Assert.Equal(451, lines.Length);
        Assert.Equal(451, lines.Select(line => Text(line, "id")).Distinct().Count());
        Assert.EndsWith("}\n", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=2020-01-01")]
    [InlineData("?order=desc")]
    public async Task An_export_that_breaks_off_is_resumed_after_any_line_without_loss_or_repetition(string query)
    {
        using var project = await service.CreateProjectAsync();
        await CreateEventsAsync(project, 220);
        var whole = await ExportAsync(project, query);
        var ids = whole.Select(line => Text(line, "id")).ToList();

        foreach (var read in new[] { 1, 7, 200, 201, 220, 221 })
        {
            using var request = CreateRequest(query);
            using var response = await project.Client.Http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            JsonElement last = default;
            for (var i = 0; i < read; i++)
            {
                last = JsonDocument.Parse((await reader.ReadLineAsync())!).RootElement;
                Assert.Equal(ids[i], Text(last, "id"));
            }

            // The connection is closed here, and the export resumed.
            response.Dispose();
            var separator = query.Length == 0 ? '?' : '&';
            var rest = await ExportAsync(project, $"{query}{separator}cursor={Text(last, "cursor")}");
            Assert.Equal(ids[read..], rest.Select(line => Text(line, "id")));
        }
    }

    [Fact]
    public async Task The_cursor_of_the_last_line_is_followed_with_pages_and_with_exports()
    {
        using var project = await service.CreateProjectAsync();
        await CreateEventsAsync(project, 2);
        var cursor = Text((await ExportAsync(project, ""))[^1], "cursor");
        Assert.Empty(await ExportAsync(project, $"?cursor={cursor}"));

        await CreateEventsAsync(project, 2);
        var page = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.Events}?limit=1&cursor={cursor}");
        page.EnsureStatus(HttpStatusCode.OK);

        Assert.Single(page.Json.GetProperty("data").EnumerateArray());
        Assert.Equal(2, (await ExportAsync(project, $"?cursor={cursor}")).Length);
        Assert.Single(await ExportAsync(project, $"?cursor={Text(page.Json, "next_cursor")}"));
    }

    [Fact]
    public async Task An_export_of_a_key_contains_only_its_events()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await project.Client.CreateAsync();
        var response = await project.Client.GetWithHeadersAsync(Routes.VirtualKeyEvents(id), ("Accept", MediaType));
        Assert.Equal(id, Text(Assert.Single(Parse(response.Body)), "virtual_key_id"));
    }

    [Fact]
    public async Task The_error_of_an_export_is_JSON()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var (path, status, code) in new[]
        {
            (Routes.VirtualKeyEvents(UnknownIds.VirtualKey), 404, "virtual_key_not_found"),
            ($"{Routes.Events}?limit=10", 422, "validation_failed"),
            ($"{Routes.Events}?cursor=x", 422, "validation_failed"),
        })
        {
            var response = await project.Client.GetWithHeadersAsync(path, ("Accept", MediaType));
            ErrorAssert.IsError(response, status, code);
        }
    }

    [Theory]
    [InlineData("application/json"), InlineData("*/*"), InlineData(MediaType + ";q=0")]
    public async Task Without_asking_for_an_export_the_response_is_a_page(string accept)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.GetWithHeadersAsync(Routes.Events, ("Accept", accept));
        Assert.Equal(1, response.Json.GetProperty("data").GetArrayLength());
    }

    /// <summary>Creates events of one key, which is faster than to create keys.</summary>
    private static async Task CreateEventsAsync(TestProject project, int count)
    {
        var keys = await project.Client.CreateManyAsync(Math.Min(count, 8), concurrency: 8);
        await Task.WhenAll(keys.Select(async (key, index) =>
        {
            for (var i = keys.Count + index; i < count; i += keys.Count)
                await project.UpdateAsync(key.Id, $$"""{"name":"name {{i}}"}""");
        }));
    }

    private static async Task<JsonElement[]> ExportAsync(TestProject project, string query)
    {
        var response = await project.Client.GetWithHeadersAsync(Routes.Events + query, ("Accept", MediaType));
        response.EnsureStatus(HttpStatusCode.OK);
        return Parse(response.Body);
    }

    private static HttpRequestMessage CreateRequest(string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Routes.Events + query);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(MediaType));
        return request;
    }

    private static JsonElement[] Parse(string body) =>
    [
        .. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement),
    ];
}

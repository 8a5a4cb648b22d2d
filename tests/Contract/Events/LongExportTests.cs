using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Events;

/// <summary>An export to a client that reads slowly.</summary>
public sealed class LongExportTests : IAsyncLifetime
{
    /// <summary>With these, an export is larger than what the buffers of a connection contain.</summary>
    private const int EventCount = 3000;
    private const int ChangesLength = 10_000;

    /// <summary>The time limit of other requests is eight seconds.</summary>
    private static readonly TimeSpan LongerThanRequests = TimeSpan.FromSeconds(9);

    private readonly EmbeddedService _embedded = new();
    private ServiceProcess? _process;

    public async Task InitializeAsync()
    {
        _process = await _embedded.StartAsync();
        await InsertEventsAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _embedded.DisposeAsync();
    }

    [Fact]
    public async Task An_export_may_take_longer_than_the_time_limit_of_requests()
    {
        using var client = _process!.CreateClient(_embedded.ApiKey);
        using var response = await StartExportAsync(client, Routes.Events);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        await Task.Delay(LongerThanRequests);

        var lines = 1;
        while (await reader.ReadLineAsync() is not null) lines++;

        Assert.Equal(EventCount + 1, lines);
    }

    [Fact]
    public async Task A_host_that_stops_cuts_an_export_off_and_the_client_resumes_it_elsewhere()
    {
        using var client = _process!.CreateClient(_embedded.ApiKey);
        using var response = await StartExportAsync(client, Routes.Events);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var ids = new List<string>();
        var cursor = "";
        Append(await reader.ReadLineAsync());

        // Otherwise Kestrel would close the connection after 30 seconds, which is not logged as an interruption.
        await _process.StopAsync();
        Assert.Contains("An export of events was interrupted", _process.Output, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await reader.ReadLineAsync() is { } line) Append(line);
        });
        Assert.InRange(ids.Count, 1, EventCount);

        await using var restarted = await _embedded.StartAsync();
        using var otherClient = restarted.CreateClient(_embedded.ApiKey);
        using var rest = await StartExportAsync(otherClient, $"{Routes.Events}?cursor={cursor}");
        using var restReader = new StreamReader(await rest.Content.ReadAsStreamAsync());
        while (await restReader.ReadLineAsync() is { } line) Append(line);
        Assert.Equal(EventCount + 1, ids.Count);
        Assert.Equal(EventCount + 1, ids.Distinct().Count());

        void Append(string? line)
        {
            // The last line may be incomplete.
            if (line is null || !line.EndsWith('}')) return;
            var recorded = JsonDocument.Parse(line).RootElement;
            ids.Add(Text(recorded, "id"));
            cursor = Text(recorded, "cursor");
        }
    }

    private static async Task<HttpResponseMessage> StartExportAsync(KeysClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    /// <summary>Adds events of the first project outside the service.</summary>
    private async Task InsertEventsAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={_embedded.DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $$"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {{EventCount}})
            INSERT INTO KeysEvent (ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, Changes, At)
            SELECT e.ServiceId, e.StateName, e.Id, e.ProjectId, 1, 'updated', 'a', @Changes, e.At
            FROM KeysEvent e, numbers WHERE e.Type = 'created'
            """;
        command.Parameters.AddWithValue("@Changes", $$"""{"name":"{{new string('n', ChangesLength)}}"}""");
        Assert.Equal(EventCount, await command.ExecuteNonQueryAsync());
    }
}

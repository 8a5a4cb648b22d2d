using System.Globalization;
using System.Text.RegularExpressions;
using KeysCluster.Events;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>Each list of events reads a range of one index, at a million events.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed partial class EventPlanTests(PostgresFixture postgres) : StorageTest(postgres)
{
    /// <summary>A page of 50 events takes a few pages of an index and one of the table for each event.</summary>
    private const int MaxBuffers = 200;

    /// <summary>A page that ends after the rows that it may scan.</summary>
    private const int MaxScannedBuffers = 2 * EventQuery.MaxScannedRows;

    private const string AnyIndex = "";

    /// <summary>One project has nine of ten events, another one a hundred at the end of the table.</summary>
    private const string FillSql = """
        INSERT INTO KeysEvent (Xid, ServiceId, StateName, Id, ProjectId, Revision, Type, ActorKind, ActorId, Actor, At)
        SELECT '3', 'keys', CASE WHEN n % 50000 = 0 THEN 'project' ELSE 'virtual-key' END,
               CASE WHEN n % 20000 = 0 THEN 'vk_01ARZ3NDEKTSV4RRFFQ69G5FAV' ELSE 'vk_' || n % 1000 END,
               CASE WHEN n > 999900 THEN 'project_small' WHEN n % 10 = 0 THEN 'project_' || n % 500
                    ELSE 'project_a' END,
               1, CASE WHEN n % 5000 = 1 THEN 'revoked' ELSE 'rotated' END,
               'api_key', CASE WHEN n % 10000 = 3 THEN 'secret_rare' WHEN n % 7 > 0 THEN 'secret_' || n % 7 END,
               'admin',
               to_char(timestamp '2026-01-01' + n * interval '10 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        FROM generate_series(@First + 1, @First + 100000) n
        """;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly VirtualKeyId Key = VirtualKeyId.Parse("vk_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    [Fact]
    public async Task Each_filter_reads_a_range_of_one_index()
    {
        for (var first = 0; first < 1_000_000; first += 100_000)
        {
            await Database.ExecuteScalarAsync(
                FillSql.Replace("@First", first.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await Database.ExecuteScalarAsync("VACUUM ANALYZE KeysEvent");
        foreach (var isDescending in new[] { false, true })
        {
            var all = new EventFilter { IsDescending = isDescending };
            // The events of most of the table are read in its order, or through the index of their own.
            await AssertRangeAsync("project_a", all, AnyIndex);
            await AssertRangeAsync("project_20", all, "project");
            await AssertRangeAsync("project_small", all, "project");
            await AssertRangeAsync(null, all, "pkey");
            await AssertRangeAsync("project_a", all with { Type = "virtual_key.revoked" }, "type");
            await AssertRangeAsync("project_a", all with { Type = "virtual_key.rotated" }, AnyIndex);
            await AssertRangeAsync("project_a", all with { Type = "api_key.rotated" }, "type");
            await AssertRangeAsync("project_a", all with { Actor = "secret_rare" }, "actor");
            await AssertRangeAsync("project_a", all with { Actor = "admin" }, "actor");
            await AssertRangeAsync("project_a", all with { VirtualKeyId = Key }, "_id");
            await AssertRangeAsync(null, all with { VirtualKeyId = Key }, "_id");
            var range = all with { From = Start.AddDays(50), To = Start.AddDays(51) };
            await AssertRangeAsync("project_a", range, AnyIndex);
            await AssertRangeAsync("project_20", range, "projectat");
            await AssertRangeAsync(null, range, "_at");
        }

        // Filters without an index of their own scan a limited number of rows.
        await AssertRangeAsync(null, new() { Actor = "nobody" }, "pkey", MaxScannedBuffers);
        await AssertRangeAsync(null, new() { Type = "api_key.rotated" }, "pkey", MaxScannedBuffers);
        await AssertRangeAsync(
            "project_a", new() { Actor = "secret_rare", Type = "virtual_key.revoked" }, "actor", MaxScannedBuffers);
        await AssertRangeAsync(
            "project_a", new() { Actor = "nobody", From = Start }, AnyIndex, MaxScannedBuffers);
    }

    [Fact]
    public async Task A_later_round_reads_only_events_that_were_added()
    {
        await Database.ExecuteScalarAsync(FillSql.Replace("@First", "0", StringComparison.Ordinal));
        await Database.ExecuteScalarAsync("VACUUM ANALYZE KeysEvent");
        var since = (await Events.ReadAsync("project_a", new(), null, 1, default)).Next!.Until;
        await using var open = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await open.BeginTransactionAsync();
        await new EventRow().InsertAsync(open);
        await Database.ExecuteScalarAsync(
            FillSql.Replace("'3', ", "pg_current_xact_id(), ", StringComparison.Ordinal)
                .Replace("@First", "100000", StringComparison.Ordinal));

        foreach (var filter in new EventFilter[]
            { new(), new() { Type = "virtual_key.revoked" }, new() { Actor = "secret_rare" }, new() { From = Start } })
        {
            var page = await Events.ReadAsync(
                "project_a", filter, new EventPosition(GetHistory(), since, Until: null), 50, default);
            Assert.NotEmpty(page.Events);
            var query = new EventQuery(new PostgresEventDialect(), "project_a", filter, page.Start);
            await AssertBuffersAsync(query, query.GetSql(51), MaxBuffers);
            await AssertBuffersAsync(query, query.GetLateSql(51), MaxBuffers);
        }

        string GetHistory() =>
            Events.ReadAsync("project_a", new(), null, 1, default).GetAwaiter().GetResult().Next!.Timeline;
    }

    [GeneratedRegex(@"^\s*Buffers: shared (?:hit=(\d+))?(?: read=(\d+))?", RegexOptions.Multiline)]
    private static partial Regex BuffersPattern { get; }

    private async Task AssertRangeAsync(
        string? project, EventFilter filter, string index, int maxBuffers = MaxBuffers)
    {
        var first = await Events.ReadAsync(project, filter, null, 50, default);
        var positions = new[] { first.Start, first.Next }.OfType<EventPosition>().Where(next => next.Until is not null);
        foreach (var position in positions)
        {
            var query = new EventQuery(new PostgresEventDialect(), project, filter, position);
            var plan = await AssertBuffersAsync(query, query.GetSql(51), maxBuffers);
            Assert.Contains($"keysevent_{index.TrimStart('_')}", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }
    }

    private async Task<string> AssertBuffersAsync(EventQuery query, string sql, int maxBuffers)
    {
        await using var command = Database.DataSource.CreateCommand("EXPLAIN (ANALYZE, BUFFERS) " + sql);
        foreach (var (name, value) in query.Parameters.Append(("@ServiceId", ServiceId)))
            command.Parameters.Add(new NpgsqlParameter(name, value));

        var lines = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        var plan = string.Join('\n', lines);

        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        var buffers = BuffersPattern.Match(plan).Groups.Values.Skip(1)
            .Sum(group => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0);
        Assert.True(buffers <= maxBuffers, $"{sql}\nreads {buffers} buffers:\n{plan}");
        return plan;
    }
}

using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Storage.Tests;

/// <summary>Pages of events contain each event once, and can be followed.</summary>
public abstract class EventPageTests : StorageTest
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly VirtualKeyId Key = VirtualKeyId.New(Noon);

    private protected EventPageTests()
    {
    }

    private protected EventPageTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task A_reader_receives_each_event_once_while_others_are_being_written(int limit)
    {
        var reader = new EventReader(Events) { Limit = limit };
        for (var i = 0; i < 10; i++) await new EventRow().InsertAsync(Database);
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await WriteAsync("virtual-key", $"vk_{writer}_{i}", TestKeyState.Create($"vk_{writer}_{i}"));
        })));

        var read = new List<string>();
        while (!writers.IsCompleted) read.AddRange(await reader.ReadPageAsync());
        await writers;
        read.AddRange(await reader.ReadRoundAsync());
        read.AddRange(await reader.ReadRoundAsync());

        Assert.Equal((await ReadPositionsAsync()).Order(), read.Order());
        Assert.Equal(110, read.Count);
    }

    [Fact]
    public async Task After_the_last_page_the_position_returns_only_events_that_were_added()
    {
        var first = await new EventRow().InsertAsync(Database);
        var reader = new EventReader(Events);
        Assert.Equal([first], await reader.ReadPageAsync());
        Assert.False(reader.Page!.HasMore);

        Assert.Empty(await reader.ReadPageAsync());
        var second = await new EventRow().InsertAsync(Database);
        var third = await new EventRow().InsertAsync(Database);
        Assert.Equal([second, third], await reader.ReadPageAsync());
        Assert.False(reader.Page.HasMore);
        Assert.Empty(await reader.ReadPageAsync());
    }

    [Fact]
    public async Task An_event_that_is_added_during_a_round_belongs_to_the_next_one()
    {
        string[] existing = [await new EventRow().InsertAsync(Database), await new EventRow().InsertAsync(Database)];
        var reader = new EventReader(Events) { Limit = 1 };
        Assert.Equal([existing[0]], await reader.ReadPageAsync());
        var added = await new EventRow().InsertAsync(Database);

        Assert.Equal([existing[1]], await reader.ReadPageAsync());
        Assert.False(reader.Page!.HasMore);
        Assert.Equal([added], await reader.ReadPageAsync());
    }

    [Fact]
    public async Task A_list_of_no_events_can_be_followed()
    {
        var reader = new EventReader(Events);
        Assert.Empty(await reader.ReadPageAsync());
        var added = await new EventRow().InsertAsync(Database);
        Assert.Equal([added], await reader.ReadPageAsync());
    }

    [Fact]
    public async Task A_project_sees_only_its_own_events_and_the_administrator_all()
    {
        var own = await new EventRow().InsertAsync(Database);
        var other = await new EventRow { ProjectId = "project_b", Id = "vk_2" }.InsertAsync(Database);

        Assert.Equal([own], await new EventReader(Events, "project_a").ReadPageAsync());
        Assert.Equal([other], await new EventReader(Events, "project_b").ReadPageAsync());
        Assert.Equal([own, other], await new EventReader(Events, project: null).ReadPageAsync());
    }

    [Fact]
    public async Task The_position_of_a_reader_in_another_project_shows_no_event_of_the_first_one()
    {
        var own = new EventReader(Events, "project_a") { Limit = 1 };
        for (var i = 0; i < 2; i++) await new EventRow().InsertAsync(Database);
        await own.ReadPageAsync();

        var other = new EventReader(Events, "project_b") { Position = own.Position };
        Assert.Empty(await other.ReadPageAsync());
    }

    public static TheoryData<string> Filters() =>
        ["type", "project type", "actor id", "actor name", "key", "from", "to", "range", "type and actor", "all"];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_selects_events_in_each_round_and_in_both_orders(string name)
    {
        var (filter, matches) = CreateFilter(name);
        foreach (var project in new[] { "project_a", null })
        {
            await Database.ExecuteScalarAsync("DELETE FROM KeysEvent");
            var reader = new EventReader(Events, project, filter) { Limit = 2 };
            var expected = await InsertMixedAsync(matches);
            Assert.Equal(expected.Order(), (await reader.ReadRoundAsync()).Order());
            var newest = new EventReader(Events, project, filter with { IsDescending = true }) { Limit = 2 };
            Assert.Equal(Enumerable.Reverse(SortByTime(filter, expected)), await newest.ReadRoundAsync());
            Assert.Null(newest.Position);

            expected = await InsertMixedAsync(matches);
            Assert.Equal(expected, await reader.ReadRoundAsync());
            Assert.Empty(await reader.ReadRoundAsync());
        }
    }

    [Fact]
    public async Task An_unknown_type_matches_nothing()
    {
        await new EventRow { Type = "cut" }.InsertAsync(Database);
        foreach (var type in new[] { "virtual_key.cut", "other.rotated", "virtual_key.nothing" })
            Assert.Empty(await new EventReader(Events, filter: new() { Type = type }).ReadRoundAsync());
    }

    [Fact]
    public async Task An_event_is_returned_as_it_was_recorded()
    {
        var state = TestKeyState.Create("vk_1");
        state.State = state.State with
        {
            Change = new TestChange("cut", "sk-lw-ABC123", "2026-11-22T10:17:00.123Z")
            {
                Number = 1,
                ActorKind = "api_key",
                ActorId = "secret_1",
                RequestId = "request-7",
                SourceAddress = "10.1.2.3",
                SecretId = "secret_2",
                Changes = new() { ["name"] = "ключ" },
            },
        };
        await WriteAsync("virtual-key", "vk_1", state);
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a", project: ""));

        var page = await Events.ReadAsync("project_a", new EventFilter(), null, 10, default);

        var recorded = page.Events[0];
        Assert.Equal("""{"name":"ключ"}""", recorded.Changes!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(
            new RecordedEvent
            {
                Position = recorded.Position,
                Type = "virtual_key.retiring_secrets_expired",
                ProjectId = "project_a",
                VirtualKeyId = "vk_1",
                Revision = 1,
                SecretId = "secret_2",
                ActorKind = "api_key",
                ActorId = "secret_1",
                ActorName = "sk-lw-ABC123",
                RequestId = "request-7",
                SourceAddress = "10.1.2.3",
                Changes = recorded.Changes,
                At = "2026-11-22T10:17:00.123Z",
            },
            recorded);
        var created = page.Events[1];
        Assert.Equal(("project.create", null, null), (created.Type, created.VirtualKeyId, created.Changes));
    }

    [Fact]
    public async Task The_first_round_with_a_time_is_sorted_by_time_and_later_ones_contain_earlier_times()
    {
        var late = await new EventRow { At = Format(2) }.InsertAsync(Database);
        var early = await new EventRow { At = Format(1) }.InsertAsync(Database);
        var reader = new EventReader(Events, filter: new() { From = Noon }) { Limit = 1 };
        Assert.Equal([early, late], await reader.ReadRoundAsync());

        var earlier = await new EventRow { At = Format(0) }.InsertAsync(Database);
        await new EventRow { At = Format(-1) }.InsertAsync(Database);
        Assert.Equal([earlier], await reader.ReadRoundAsync());
    }

    [Fact]
    public async Task Events_of_one_time_are_paged_without_loss_or_repetition()
    {
        var expected = new List<string>();
        for (var i = 0; i < 7; i++) expected.Add(await new EventRow { At = Format(i / 3) }.InsertAsync(Database));
        foreach (var isDescending in new[] { false, true })
        {
            var filter = new EventFilter { From = Noon, To = Noon.AddDays(1), IsDescending = isDescending };
            var read = await new EventReader(Events, filter: filter) { Limit = 2 }.ReadRoundAsync();
            Assert.Equal(isDescending ? Enumerable.Reverse(expected) : expected, read);
        }
    }

    [Fact]
    public async Task The_position_after_an_event_in_the_middle_of_a_page_continues_with_the_next_one()
    {
        var positions = new List<string>();
        for (var i = 0; i < 5; i++) positions.Add(await new EventRow { At = Format(i / 2) }.InsertAsync(Database));
        foreach (var filter in new[] { new EventFilter(), new EventFilter { From = Noon } })
        {
            var page = await Events.ReadAsync("project_a", filter, null, 5, default);
            var after = page.GetPositionAfter(page.Events[1]);
            var reader = new EventReader(Events, filter: filter) { Position = after };
            Assert.Equal(positions[2..], await reader.ReadRoundAsync());
        }
    }

    [Fact]
    public async Task A_page_ends_early_when_its_events_are_large()
    {
        var changes = $$"""{"note":"{{new string('x', EventStore.MaxPageCharacters / 3)}}"}""";
        var expected = new List<string>();
        for (var i = 0; i < 5; i++) expected.Add(await new EventRow { Changes = changes }.InsertAsync(Database));

        var reader = new EventReader(Events);
        Assert.Equal(expected[..3], await reader.ReadPageAsync());
        Assert.True(reader.Page!.HasMore);
        Assert.Equal(expected[3..], await reader.ReadRoundAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_ends_early_when_few_events_match_and_the_next_one_continues(bool isSortedByTime)
    {
        var from = isSortedByTime ? Noon : (DateTimeOffset?)null;
        var filter = new EventFilter { Actor = "rare", Type = "virtual_key.rotated", From = from };
        var first = await new EventRow { Actor = "rare", At = Format(0) }.InsertAsync(Database);
        await EventRow.InsertManyAsync(Database, EventQuery.MaxScannedRows, Noon);
        var second = await new EventRow { Actor = "rare", At = Format(1) }.InsertAsync(Database);

        var reader = new EventReader(Events, project: null, filter);
        Assert.Equal([first], await reader.ReadPageAsync());
        Assert.True(reader.Page!.HasMore);
        Assert.Equal([second], await reader.ReadPageAsync());
        Assert.False(reader.Page.HasMore);
    }

    [Fact]
    public async Task A_position_before_deleted_events_continues_with_those_that_are_left()
    {
        var reader = new EventReader(Events) { Limit = 1 };
        for (var i = 0; i < 3; i++) await new EventRow { At = Format(i) }.InsertAsync(Database);
        var left = await new EventRow { At = Format(4) }.InsertAsync(Database);
        await reader.ReadPageAsync();

        Assert.Equal(3, await Events.DeleteAsync(Noon.AddMilliseconds(4), 10, default));
        Assert.Equal([left], await reader.ReadRoundAsync());
        await Events.DeleteAsync(Noon.AddMilliseconds(5), 10, default);
        var added = await new EventRow().InsertAsync(Database);
        Assert.Equal([added], await reader.ReadRoundAsync());
    }

    [Fact]
    public async Task Only_events_from_before_the_time_are_deleted_the_oldest_first_and_nothing_is_recorded()
    {
        for (var i = 4; i >= 0; i--) await new EventRow { At = Format(i) }.InsertAsync(Database);
        await WriteAsync("virtual-key", "vk_2", TestKeyState.Create("vk_2", createdAtMilliseconds: 1));
        await Database.ExecuteScalarAsync($"UPDATE KeysEvent SET At = '{Format(3)}' WHERE Id = 'vk_2'");

        Assert.Equal(2, await Events.DeleteAsync(Noon.AddMilliseconds(3), 2, default));
        Assert.Equal([[Format(2)], [Format(3)], [Format(3)], [Format(4)]],
            await Database.QueryRowsAsync("SELECT At FROM KeysEvent ORDER BY At"));
        Assert.Equal(1, await Events.DeleteAsync(Noon.AddMilliseconds(3), 2, default));
        Assert.Equal(0, await Events.DeleteAsync(Noon.AddMilliseconds(3), 2, default));
        Assert.Equal(3, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    /// <summary>As after a failover, or a restore of an older state.</summary>
    [Fact]
    public async Task A_position_of_another_history_repeats_the_last_hour_and_misses_nothing()
    {
        var now = TimeProvider.System.GetUtcNow();
        await new EventRow { At = Format(now.AddHours(-2)) }.InsertAsync(Database);
        var recent = await new EventRow { At = Format(now.AddMinutes(-30)) }.InsertAsync(Database);
        foreach (var filter in new[] { new EventFilter(), new EventFilter { From = now.AddDays(-1) } })
        {
            var reader = new EventReader(Events, filter: filter);
            Assert.Equal(2, (await reader.ReadRoundAsync()).Count);
            var since = reader.Position!.Since!;
            reader.Position = reader.Position with
            {
                Timeline = "another",
                Since = since with { LastPosition = since.LastPosition + 1000, FirstIncomplete = ulong.MaxValue },
            };
            var added = await new EventRow { At = Format(now) }.InsertAsync(Database);

            Assert.Equal([recent, added], await reader.ReadRoundAsync());
            Assert.Empty(await reader.ReadRoundAsync());
            await Database.ExecuteScalarAsync($"DELETE FROM KeysEvent WHERE Position = {added}");
        }
    }

    [Fact]
    public async Task A_position_of_another_history_in_the_first_round_continues_there()
    {
        var positions = new List<string>();
        for (var i = 0; i < 3; i++) positions.Add(await new EventRow { At = Format(i) }.InsertAsync(Database));
        foreach (var filter in new[] { new EventFilter(), new EventFilter { From = Noon } })
        {
            var reader = new EventReader(Events, filter: filter) { Limit = 1 };
            await reader.ReadPageAsync();
            var until = reader.Position!.Until!;
            reader.Position = reader.Position with
            {
                Timeline = "another",
                Until = until with { LastPosition = until.LastPosition + 1000, FirstIncomplete = ulong.MaxValue },
            };
            Assert.Equal(positions[1..], await reader.ReadRoundAsync());
        }
    }

    private static string Format(int milliseconds) => Format(Noon.AddMilliseconds(milliseconds));

    private static string Format(DateTimeOffset time) => Time.UtcMillisecondJsonConverter.Format(time);

    private static (EventFilter Filter, Func<EventRow, bool> Matches) CreateFilter(string name) => name switch
    {
        "type" => (new() { Type = "virtual_key.revoked" },
            row => row is { StateName: "virtual-key", Type: "revoked" }),
        "project type" => (new() { Type = "api_key.deadline_changed" },
            row => row is { StateName: "project", Type: "deadline_moved" }),
        "actor id" => (new() { Actor = "secret_1" }, row => row.ActorId == "secret_1"),
        "actor name" => (new() { Actor = "admin" }, row => row is { ActorId: null, Actor: "admin" }),
        "key" => (new() { VirtualKeyId = Key }, row => row.Id == Key.ToString()),
        "from" => (new() { From = Noon.AddMilliseconds(4) }, row => string.CompareOrdinal(row.At, Format(4)) >= 0),
        "to" => (new() { To = Noon.AddMilliseconds(4) }, row => string.CompareOrdinal(row.At, Format(4)) < 0),
        "range" => (new() { From = Noon.AddMilliseconds(2), To = Noon.AddMilliseconds(5) },
            row => string.CompareOrdinal(row.At, Format(2)) >= 0 && string.CompareOrdinal(row.At, Format(5)) < 0),
        "type and actor" => (new() { Type = "virtual_key.rotated", Actor = "admin" },
            row => row is { StateName: "virtual-key", Type: "rotated", ActorId: null, Actor: "admin" }),
        _ => (
            new()
            {
                Type = "virtual_key.rotated",
                Actor = "admin",
                VirtualKeyId = Key,
                From = Noon,
                To = Noon.AddMilliseconds(5),
            },
            row => row is { Type: "rotated", ActorId: null, Actor: "admin" } && row.Id == Key.ToString()
                && string.CompareOrdinal(row.At, Format(5)) < 0),
    };

    /// <summary>Inserted rows are sorted by position; their times ascend with them.</summary>
    private static List<string> SortByTime(EventFilter filter, List<string> positions) =>
        filter.IsSortedByTime ? positions : [.. positions.OrderBy(text => long.Parse(text, null))];

    /// <summary>Inserts rows that differ in every column, and returns the positions of those that match.</summary>
    private async Task<List<string>> InsertMixedAsync(Func<EventRow, bool> matches)
    {
        EventRow[] rows =
        [
            new() { StateName = "project", Id = "project_a", Type = "deadline_moved", Actor = "admin" },
            new() { Type = "revoked", Actor = "admin" },
            new() { StateName = "project", Id = "project_a", Type = "revoked", ActorId = "secret_1" },
            new() { Id = Key.ToString(), Actor = "admin" },
            new() { Id = Key.ToString(), ActorId = "secret_1", Actor = "admin" },
            new() { Id = Key.ToString(), Type = "deadline_moved" },
            new() { Id = Key.ToString(), Actor = "admin" },
            new() { Type = "revoked", ActorId = "secret_1" },
        ];
        var positions = new List<string>();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i] with { At = Format(i) };
            var position = await row.InsertAsync(Database);
            if (matches(row)) positions.Add(position);
        }

        return positions;
    }

    private async Task<IEnumerable<string>> ReadPositionsAsync() =>
        (await Database.QueryRowsAsync("SELECT Position FROM KeysEvent"))
            .Select(row => Convert.ToString(row[0], CultureInfo.InvariantCulture)!);
}

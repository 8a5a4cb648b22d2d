using System.Text.Json.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class EventTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private protected EventTests()
    {
    }

    private protected EventTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    /// <summary>The name under which the events show that someone wrote to the database.</summary>
    private protected abstract string DatabaseActor { get; }

    [Fact]
    public async Task Every_change_is_recorded_as_the_service_describes_it()
    {
        var state = TestKeyState.Create("vk_1");
        state.State = state.State with { Change = CreateDetailedChange(1, "create") };
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State with { Revision = 2, Change = CreateDetailedChange(2, "rotate") };
        await WriteAsync(StateName, "vk_1", state);

        object?[] CreateRow(long number, string action) =>
        [
            ServiceId, StateName, "vk_1", "project_a", number, number, action, "api_key", "ak_1", "vk-lw-live_ABC123",
            "request-7", "10.1.2.3", "sec_1", "2026-11-22T10:17:00.123Z",
        ];
        Assert.Equal([CreateRow(1, "create"), CreateRow(2, "rotate")], await Database.QueryRowsAsync(
            """
            SELECT ServiceId, StateName, Id, ProjectId, Number, Revision, Type, ActorKind, ActorId, Actor,
                   RequestId, SourceAddress, SecretId, At
            FROM KeysEvent ORDER BY Position
            """));
        var changes = (string)(await Database.ExecuteScalarAsync("SELECT Changes FROM KeysEvent WHERE Number = 2"))!;
        Assert.True(JsonNode.DeepEquals(CreateDetailedChange(2, "rotate").Changes, JsonNode.Parse(changes)));
    }

    [Fact]
    public async Task An_event_within_a_revision_is_recorded()
    {
        var state = await CreateNumberedAsync("vk_1");
        state.State = state.State.WithEvent("replay");
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithEvent("erase") with { Secrets = new TestSecretSet(null) };
        await WriteAsync(StateName, "vk_1", state);

        await AssertEventsAsync(["create", 1L, 1L], ["replay", 2L, 1L], ["erase", 3L, 1L]);
    }

    [Fact]
    public async Task A_change_by_an_older_build_is_recorded_without_a_number()
    {
        var state = await CreateAsync("vk_1");
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithEvent("disable") with { Revision = 3 };
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithChange("enable");
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);

        await AssertEventsAsync(
            ["create", null, 1L], ["rotate", null, 2L], ["disable", 1L, 3L], ["enable", null, 4L],
            ["rotate", null, 5L]);
    }

    /// <summary>An older build that keeps the members that it does not know.</summary>
    [Fact]
    public async Task A_change_with_the_number_of_the_one_before_is_recorded_without_a_number()
    {
        var state = await CreateNumberedAsync("vk_1");
        state.State = state.State with { Revision = 2, Change = state.State.Change! with { Action = "rotate" } };
        await WriteAsync(StateName, "vk_1", state);

        await AssertEventsAsync(["create", 1L, 1L], ["rotate", null, 2L]);
    }

    [Fact]
    public async Task A_write_of_times_of_use_is_not_an_event()
    {
        var state = await CreateRotatedAsync("vk_1");
        var secrets = state.State.Secrets!;
        state.State = state.State with
        {
            Secrets = new TestSecretSet(
                secrets.Current! with { LastUsedAt = Noon },
                [secrets.Replaced![0] with { LastUsedAt = Noon }, secrets.Replaced[1]]),
        };
        await WriteAsync(StateName, "vk_1", state);
        await AlterAsync(payload => payload["last_used_at"] = "2026-11-22T12:00:00.000Z");

        await AssertEventsAsync(["create", 1L, 1L]);
    }

    [Fact]
    public async Task A_write_of_times_of_use_of_API_keys_is_not_an_event()
    {
        await CreateRotatedAsync("vk_1");
        await AlterAsync(payload => payload["api_keys"] = JsonNode.Parse(
            """
            [{"id": "apikey_1", "secrets": {"current": {"id": "s1"}, "replaced": []}},
             {"id": "apikey_2", "secrets": {"current": {"id": "s2"}, "replaced": [{"id": "s3"}]}}]
            """));
        await AlterAsync(payload =>
        {
            var secrets = payload["api_keys"]![1]!["secrets"]!;
            secrets["current"]!["last_used_at"] = "2026-11-22T12:00:00.000Z";
            secrets["replaced"]![0]!["last_used_at"] = "2026-11-22T12:00:00.000Z";
            payload["api_keys"]![0]!["secrets"]!["current"]!["last_used_at"] = "2026-11-22T12:00:00.000Z";
        });
        await AssertEventsAsync(["create", 1L, 1L], ["altered", null, 1L]);

        await AlterAsync(payload => payload["api_keys"]![1]!["permissions"] = new JsonArray("virtualKeys:view"));
        await AlterAsync(payload => payload["api_keys"]![1]!["secrets"]!["current"]!["id"] = "s4");
        await AssertEventsAsync(
            ["create", 1L, 1L], ["altered", null, 1L], ["altered", null, 1L], ["altered", null, 1L]);
    }

    [Theory]
    [InlineData("last_used_at")]
    [InlineData("schema_version")]
    [InlineData("erase_at")]
    [InlineData("grain_hash")]
    [InlineData("updated_at")]
    public async Task A_write_of_a_member_that_changes_no_verdict_is_not_an_event(string member)
    {
        await CreateRotatedAsync("vk_1");
        JsonNode value = member == "grain_hash" ? 7 : "2026-11-22T12:00:00.000Z";
        await AlterAsync(payload => payload[member] = value);
        await AlterAsync(payload => payload.Remove(member));

        await AssertEventsAsync(["create", 1L, 1L]);
    }

    [Fact]
    public async Task A_write_of_the_members_in_another_order_is_not_an_event()
    {
        await CreateRotatedAsync("vk_1");
        await AlterAsync(payload =>
        {
            foreach (var name in payload.Select(member => member.Key).Order(StringComparer.Ordinal).ToList())
            {
                var value = payload[name];
                payload.Remove(name);
                payload[name] = value;
            }
        });

        await AssertEventsAsync(["create", 1L, 1L]);
    }

    [Fact]
    public async Task A_state_that_was_altered_in_the_database_is_recorded_as_altered()
    {
        Action<JsonObject>[] alterations =
        [
            payload => payload["note"] = "altered",
            payload => payload["new_member"] = false,
            payload => payload.Remove("new_member"),
            payload => payload["secrets"]!["current"]!["hash"] = "altered",
            payload => payload["secrets"]!["replaced"]![1]!["hash"] = "altered",
            payload => payload["secrets"]!["replaced"]!.AsArray().RemoveAt(0),
            payload => payload["secrets"]!.AsObject().Remove("replaced"),
            payload => payload["change"]!["actor"] = "somebody else",
            payload => payload["change"]!["last_used_at"] = "2026-11-22T12:00:00.000Z",
            payload => payload.Remove("secrets"),
        ];
        await CreateRotatedAsync("vk_1");
        foreach (var alteration in alterations) await AlterAsync(alteration);

        await AssertEventsAsync(
            [["create", 1L, 1L], .. alterations.Select(_ => new object?[] { "altered", null, 1L })]);
    }

    [Theory]
    [InlineData("revision")]
    [InlineData("number")]
    public async Task A_state_that_was_set_back_is_recorded_as_altered(string member)
    {
        var state = await CreateNumberedAsync("vk_1");
        state.State = state.State.WithEvent("rotate") with { Revision = 2 };
        await WriteAsync(StateName, "vk_1", state);
        await AlterAsync(payload => (member == "number" ? payload["change"]! : payload)[member] = 1);

        await AssertEventsAsync(
            ["create", 1L, 1L], ["rotate", 2L, 2L], ["altered", null, member == "revision" ? 1L : 2L]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public async Task An_update_that_does_not_increment_the_version_is_recorded_as_altered(int increment)
    {
        await CreateNumberedAsync("vk_1");
        await AlterAsync(payload => payload["revision"] = 2, increment);
        await Database.ExecuteScalarAsync($"UPDATE OrleansStorage SET Version = Version + {increment}");

        await AssertEventsAsync(["create", 1L, 1L], ["altered", null, 2L], ["altered", null, 2L]);
    }

    [Fact]
    public async Task An_event_by_the_database_names_its_role_and_has_its_time()
    {
        await CreateRotatedAsync("vk_1");
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        await AlterAsync(payload => payload["note"] = "altered");
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        object?[] CreateRow(string type) =>
            [ServiceId, StateName, "vk_1", "project_a", type, "database", DatabaseActor, null, null, null, null, null];
        Assert.Equal([CreateRow("altered"), CreateRow("deleted")], await Database.QueryRowsAsync(
            """
            SELECT ServiceId, StateName, Id, ProjectId, Type, ActorKind, Actor, ActorId, RequestId, SourceAddress,
                   SecretId, Changes
            FROM KeysEvent WHERE Number IS NULL ORDER BY Position
            """));
        foreach (var row in await Database.QueryRowsAsync("SELECT At FROM KeysEvent WHERE Number IS NULL"))
        {
            var at = Assert.IsType<string>(row[0]);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", at);
            Assert.InRange(DateTimeOffset.Parse(at, null), before, TimeProvider.System.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_state_that_was_deleted_from_the_database_is_recorded_as_deleted()
    {
        await CreateNumberedAsync("vk_1");
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        await AssertEventsAsync(["create", 1L, 1L], ["deleted", null, 1L]);
    }

    [Fact]
    public async Task A_state_that_is_cleared_and_written_again_is_recorded_as_deleted_and_created()
    {
        var state = await CreateNumberedAsync("vk_1");
        await ClearAsync(StateName, "vk_1", state);
        state.State = TestKeyState.Create("vk_1").State.WithEvent("create");
        await WriteAsync(StateName, "vk_1", state);
        await ClearAsync(StateName, "vk_1", state);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        await AssertEventsAsync(
            ["create", 1L, 1L], ["deleted", null, 1L], ["create", 1L, 1L], ["deleted", null, 1L]);
    }

    [Fact]
    public async Task The_event_of_a_project_names_the_project_itself()
    {
        var state = TestKeyState.Create("project_a", project: "");
        await WriteAsync("project", "project_a", state);
        state.State = state.State.WithChange("rotate");
        await WriteAsync("project", "project_a", state);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        Assert.Equal(3, await Database.QueryInt64Async(
            """
            SELECT COUNT(*) FROM KeysEvent
            WHERE StateName = 'project' AND Id = 'project_a' AND ProjectId = 'project_a'
            """));
    }

    [Fact]
    public async Task States_of_other_names_have_no_events()
    {
        var state = TestKeyState.Create("other");
        await WriteAsync("other", "other", state);
        await WriteAsync("other", "other", state);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        await AssertEventsAsync();
    }

    [Fact]
    public async Task A_change_that_cannot_be_recorded_is_not_persisted()
    {
        var state = await CreateAsync("vk_1");
        await Database.ExecuteScalarAsync("DROP TABLE KeysEvent");
        state.State = state.State.WithChange("rotate") with { Note = "rotated" };

        Assert.NotNull(await Record.ExceptionAsync(() => WriteAsync(StateName, "vk_1", state)));
        Assert.NotNull(await Record.ExceptionAsync(() => CreateAsync("vk_2")));

        var stored = await ReadAsync(StateName, "vk_1");
        Assert.Equal((1, "", "1"), (stored.State.Revision, stored.State.Note, stored.ETag));
        Assert.False((await ReadAsync(StateName, "vk_2")).RecordExists);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_state_without_a_change_is_refused()
    {
        var state = TestKeyState.Create("vk_1");
        state.State = state.State with { Change = null };

        Assert.NotNull(await Record.ExceptionAsync(() => WriteAsync(StateName, "vk_1", state)));

        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Events_never_contain_a_secret_hash()
    {
        await CreateRotatedAsync("vk_1");
        await AlterAsync(payload => payload["secrets"]!["current"]!["hash"] = "hash-of-another");
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        var rows = await Database.QueryRowsAsync("SELECT * FROM KeysEvent");
        var texts = rows.SelectMany(row => row).OfType<string>().ToList();

        Assert.Equal(3, rows.Count);
        Assert.All(texts, text => Assert.DoesNotContain("hash-of", text, StringComparison.Ordinal));
    }

    private static TestChange CreateDetailedChange(long number, string action) =>
        new(action, "vk-lw-live_ABC123", "2026-11-22T10:17:00.123Z")
        {
            Number = number,
            ActorKind = "api_key",
            ActorId = "ak_1",
            RequestId = "request-7",
            SourceAddress = "10.1.2.3",
            SecretId = "sec_1",
            Changes = new JsonObject { ["name"] = new JsonObject { ["old"] = null, ["new"] = "ключ" } },
        };

    private async Task<TestGrainState> CreateAsync(string id)
    {
        var state = TestKeyState.Create(id);
        await WriteAsync(StateName, id, state);
        return state;
    }

    private async Task<TestGrainState> CreateNumberedAsync(string id)
    {
        var state = TestKeyState.Create(id);
        state.State = state.State.WithEvent("create");
        await WriteAsync(StateName, id, state);
        return state;
    }

    private async Task<TestGrainState> CreateRotatedAsync(string id)
    {
        var state = TestKeyState.Create(id);
        state.State = state.State.WithEvent("create") with
        {
            Secrets = state.State.Secrets! with
            {
                Replaced = [new("vk-lw-live_2", "hash-of-two"), new("vk-lw-live_3", "hash-of-three")],
            },
        };
        await WriteAsync(StateName, id, state);
        return state;
    }

    /// <summary>Changes the only state in the database, without the service.</summary>
    private async Task AssertEventsAsync(params object?[][] expected) => Assert.Equal(
        expected, await Database.QueryRowsAsync("SELECT Type, Number, Revision FROM KeysEvent ORDER BY Position"));
}

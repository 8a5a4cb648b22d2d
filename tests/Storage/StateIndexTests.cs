using System.Text;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class StateIndexTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;
    private const string PayloadSql = "SELECT PayloadBinary FROM OrleansStorage";

    private protected StateIndexTests()
    {
    }

    private protected StateIndexTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task States_are_listed_newest_first_and_ties_are_ordered_by_id()
    {
        await CreateAsync("vk_B", 5);
        await CreateAsync("vk_a", 5);
        await CreateAsync("vk_old", 0);
        await CreateAsync("vk_new", 1000);

        Assert.Equal(["vk_new", "vk_a", "vk_B", "vk_old"], await ListIdsAsync(0, 10));
    }

    [Fact]
    public async Task A_cursor_continues_after_the_last_state_even_within_one_millisecond()
    {
        for (var n = 0; n < 20; n++)
            await CreateAsync($"vk_{n:D2}", createdAtMilliseconds: n / 7);

        var seen = new List<string>();
        IndexPosition? after = null;
        while (await ListAfterAsync(after, 3) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(key => key.Id));
            after = new IndexPosition(page[^1].CreatedAt, page[^1].Id);
        }

        Assert.Equal(await ListIdsAsync(0, 100), seen);
        Assert.Equal(20, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_newer_state_does_not_shift_a_cursor()
    {
        await CreateAsync("vk_1", 1);
        await CreateAsync("vk_2", 2);
        var first = Assert.Single(await ListAfterAsync(null, 1));
        await CreateAsync("vk_3", 3);

        var rest = await ListAfterAsync(new IndexPosition(first.CreatedAt, first.Id), 10);

        Assert.Equal("vk_1", Assert.Single(rest).Id);
    }

    [Fact]
    public async Task Pages_are_slices_of_the_whole_list()
    {
        for (var n = 0; n < 7; n++)
            await CreateAsync($"vk_{n}", n);

        Assert.Equal(["vk_6", "vk_5", "vk_4"], await ListIdsAsync(0, 3));
        Assert.Equal(["vk_3", "vk_2", "vk_1"], await ListIdsAsync(3, 3));
        Assert.Equal(["vk_0"], await ListIdsAsync(6, 3));
        Assert.Empty(await ListIdsAsync(7, 3));
        Assert.Empty(await ListIdsAsync(0, 0));
        Assert.Equal(7, await Index.CountAsync(StateName, "project_a", default));
    }

    [Fact]
    public async Task Lists_are_scoped_to_one_project_and_one_state_name()
    {
        await CreateAsync("vk_1", 1, "project_a");
        await CreateAsync("vk_2", 2, "project_b");
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a"));

        Assert.Equal(["vk_1"], await ListIdsAsync(0, 10));
        Assert.Equal(1, await Index.CountAsync(StateName, "project_b", default));
        Assert.Equal(0, await Index.CountAsync(StateName, "", default));
        Assert.Equal(1, await Index.CountAsync("project", "", default));
    }

    [Fact]
    public async Task A_list_returns_the_latest_written_state()
    {
        var state = await CreateAsync("vk_1", 1);
        var indexed = await Database.QueryRowsAsync("SELECT * FROM KeysStateIndex");
        state.State = state.State.WithChange("rotate") with { Note = "rotated" };
        await WriteAsync(StateName, "vk_1", state);

        var listed = Assert.Single(await ListPageAsync(StateName, "project_a", 0, 10));

        Assert.Equal(state.State, listed);
        Assert.Equal(indexed, await Database.QueryRowsAsync("SELECT * FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_list_does_not_read_the_idempotency_records_and_the_changes_of_a_large_state()
    {
        await CreateAsync("vk_1", 1);
        await AlterAsync(state =>
        {
            state["note"] = new string('é', 4000);
            state["receipts"] = new JsonObject { ["receipts"] = new JsonArray(new string('r', 4000)) };
            state["change"]!["changes"] = new JsonObject { ["note"] = new string('n', 4000) };
        });

        var listed = JsonNode.Parse((await ListAsync()).Json)!.AsObject();

        var expected = await ReadPayloadAsync();
        expected.Remove("mac");
        expected.Remove("receipts");
        expected["change"]!.AsObject().Remove("changes");
        Assert.True(JsonNode.DeepEquals(expected, listed), listed.ToString());
    }

    [Fact]
    public async Task A_small_state_is_listed_as_it_is_stored()
    {
        await CreateAsync("vk_1", 1);
        await AlterAsync(state =>
        {
            state.Remove("mac");
            state["receipts"] = new JsonObject();
        });

        Assert.Equal((byte[]?)await Database.ExecuteScalarAsync(PayloadSql), (await ListAsync()).Json);
    }

    [Fact]
    public async Task An_altered_state_is_not_listed_as_a_state()
    {
        await CreateAsync("vk_1", 1);
        await AlterAsync(state => state["note"] = "altered");

        Assert.Empty((await ListAsync()).Json);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("\uD800")]
    public async Task A_large_payload_that_is_not_a_state_does_not_fail_the_list(string content)
    {
        await CreateAsync("vk_1", 1);
        await CreateAsync("vk_2", 2);
        var payload = Encoding.Unicode.GetBytes(content + new string(' ', 4000));
        await OverwritePayloadAsync("vk_1", payload);

        var listed = await Index.ListPageAsync(StateName, "project_a", 0, 10, default);

        Assert.Equal("vk_2", Assert.Single(Deserialize([listed[0]])).Id);
        Assert.Equal(payload, listed[1].Json);
    }

    [Fact]
    public async Task A_deleted_row_is_removed_from_the_list()
    {
        await CreateAsync("vk_1", 1);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        Assert.Empty(await ListIdsAsync(0, 10));
        Assert.Equal(0, await Index.CountAsync(StateName, "project_a", default));
    }

    [Fact]
    public async Task A_write_that_cannot_be_indexed_is_not_persisted()
    {
        await Database.ExecuteScalarAsync("DROP TABLE KeysStateIndex");

        Assert.NotNull(await Record.ExceptionAsync(() => CreateAsync("vk_1", 1)));

        Assert.False((await ReadAsync(StateName, "vk_1")).RecordExists);
        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    private async Task<IndexedState> ListAsync() =>
        Assert.Single(await Index.ListPageAsync(StateName, "project_a", 0, 10, default));

    private async Task<JsonObject> ReadPayloadAsync() =>
        JsonNode.Parse((byte[])(await Database.ExecuteScalarAsync(PayloadSql))!)!.AsObject();

    /// <summary>Damages a state. The triggers accept states only, so they are removed or disabled.</summary>
    private async Task OverwritePayloadAsync(string id, byte[] payload)
    {
        await Database.ExecuteScalarAsync(Database is PostgreSqlTestDatabase
            ? "ALTER TABLE OrleansStorage DISABLE TRIGGER USER"
            : "DROP TRIGGER keys_state_update; DROP TRIGGER keys_state_restore; DROP TRIGGER keys_state_clear; "
                + "DROP TRIGGER keys_virtual_key_update; DROP TRIGGER keys_virtual_key_clear");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var update = connection.CreateCommand();
        update.CommandText =
            $"UPDATE OrleansStorage SET PayloadBinary = @Payload WHERE GrainIdExtensionString = '{id}'";
        update.AddParameter("@Payload", payload);
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
    }

    private async Task<TestGrainState> CreateAsync(
        string id, int createdAtMilliseconds, string project = "project_a")
    {
        var state = TestKeyState.Create(id, project, createdAtMilliseconds);
        await WriteAsync(StateName, id, state);
        return state;
    }

    private async Task<IReadOnlyList<TestKeyState>> ListAfterAsync(IndexPosition? after, int limit) =>
        Deserialize(await Index.ListAfterAsync(StateName, "project_a", after, limit, default));

    private async Task<IEnumerable<string>> ListIdsAsync(long offset, int limit) =>
        (await ListPageAsync(StateName, "project_a", offset, limit)).Select(key => key.Id);
}

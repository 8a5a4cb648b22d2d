using System.Data.Common;
using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// The rows that the triggers write in addition to the states of virtual keys: those by which lists are filtered, and
/// the number of keys of a project.
/// </summary>
public abstract class VirtualKeyIndexTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private static readonly DateTimeOffset Time = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private protected VirtualKeyIndexTests()
    {
    }

    private protected VirtualKeyIndexTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_row_follows_the_fields_of_its_key()
    {
        var state = await CreateAsync("vk_1");
        Assert.Equal([["vk_1", "a key", "active", ""]], await ReadRowsAsync());

        await ChangeAsync(state, key => key with { Name = "another", ExternalId = "ext", DisabledAt = Time });
        Assert.Equal([["vk_1", "another", "disabled", "ext"]], await ReadRowsAsync());

        await ChangeAsync(state, key => key with { DisabledAt = null, RevokedAt = Time });
        Assert.Equal([["vk_1", "another", "revoked", "ext"]], await ReadRowsAsync());
    }

    [Fact]
    public async Task A_row_of_retiring_secrets_exists_while_there_are_any()
    {
        var state = await CreateAsync("vk_1");
        Assert.Empty(await ReadRetiringAsync());

        await ChangeAsync(state, key => key with { RetiringUntil = Time, Secrets = WithReplaced(key) });
        Assert.Equal([["vk_1", "2026-11-22T12:00:00.000Z"]], await ReadRetiringAsync());
        Assert.Empty(await ReadNotRetiringAsync());
        await ChangeAsync(state, key => key with { RetiringUntil = Time.AddHours(1) });
        Assert.Equal([["vk_1", "2026-11-22T13:00:00.000Z"]], await ReadRetiringAsync());

        await ChangeAsync(state, key => key with { RetiringUntil = null });
        Assert.Empty(await ReadRetiringAsync());
        Assert.Equal([["vk_1"]], await ReadNotRetiringAsync());
    }

    [Fact]
    public async Task A_key_without_retiring_secrets_has_a_row_until_it_is_cleared_or_deleted()
    {
        var first = await CreateAsync("vk_1");
        await CreateAsync("vk_2");
        await CreateAsync("vk_3", "project_b");
        await ChangeAsync(first, key => key with { RevokedAt = Time });
        Assert.Equal([["vk_1"], ["vk_2"], ["vk_3"]], await ReadNotRetiringAsync());

        await ClearAsync(StateName, "vk_1", first);
        Assert.Equal([["vk_2"], ["vk_3"]], await ReadNotRetiringAsync());
        first.State = TestKeyState.Create("vk_1").State;
        await WriteAsync(StateName, "vk_1", first);
        Assert.Equal([["vk_1"], ["vk_2"], ["vk_3"]], await ReadNotRetiringAsync());

        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");
        Assert.Empty(await ReadNotRetiringAsync());
    }

    /// <summary>
    /// The deadlines of odd keys have passed, but their secrets have not been erased. Rows that are out of date, as an
    /// upgrade may leave them, list no key wrongly or twice.
    /// </summary>
    [Fact]
    public async Task Keys_without_retiring_secrets_are_listed_in_their_order_on_pages_that_do_not_move()
    {
        for (var i = 1; i <= 6; i++)
        {
            var state = await CreateAsync($"vk_{i}");
            DateTimeOffset? until = i == 2 ? Time.AddMilliseconds(1) : i % 2 == 1 ? Time : null;
            if (until is null) continue;
            await ChangeAsync(state, key => key with { RetiringUntil = until, Secrets = WithReplaced(key) });
        }

        await Database.ExecuteScalarAsync("""
            INSERT INTO KeysNotRetiringKey
            SELECT ServiceId, ProjectId, CreatedAt, Id FROM KeysVirtualKey WHERE Id IN ('vk_2', 'vk_5')
            """);
        await Database.ExecuteScalarAsync($"""
            INSERT INTO KeysNotRetiringKey VALUES ('{ServiceId}', 'project_a', '2026-11-22T12:00:00.000Z', 'vk_deleted')
            """);

        var pages = new List<string>();
        IndexPosition? after = null;
        while (true)
        {
            var page = await Index.FindVirtualKeysAsync(
                "project_a", new() { HasRetiringSecrets = false }, after, Time, limit: 2, CancellationToken.None);
            if (page.Count == 0) break;
            pages.Add(string.Join(' ', page.Select(key => key.Position.Id)));
            after = page[^1].Position;
            await CreateAsync($"vk_{7 + pages.Count}");
        }

        Assert.Equal(["vk_6 vk_5", "vk_4 vk_3", "vk_1"], pages);
    }

    [Fact]
    public async Task An_upgrade_from_a_build_without_them_adds_the_rows_of_keys_without_retiring_secrets()
    {
        await CreateAsync("vk_1");
        await CreateAsync("vk_2", "project_b");
        var retiring = await CreateAsync("vk_3");
        await ChangeAsync(retiring, key => key with { RetiringUntil = Time, Secrets = WithReplaced(key) });
        await Database.ExecuteScalarAsync("DROP TABLE KeysNotRetiringKey");
        await Database.ExecuteScalarAsync("DELETE FROM KeysSettings WHERE Name = 'not_retiring_keys_indexed'");
        await Database.ExecuteScalarAsync("UPDATE schemaversions SET scriptname = '0001_orleans_tables.sql'");

        await Database.MigrateAsync();

        Assert.Equal([["vk_1"], ["vk_2"]], await ReadNotRetiringAsync());
    }

    [Fact]
    public async Task Keys_that_are_not_revoked_cleared_or_deleted_are_counted()
    {
        var first = await CreateAsync("vk_1");
        var second = await CreateAsync("vk_2");
        await CreateAsync("vk_3");
        await CreateAsync("vk_other", "project_b");
        Assert.Equal([["project_a", "3"], ["project_b", "1"]], await ReadUsageAsync());

        await ChangeAsync(first, key => key with { RevokedAt = Time });
        await ChangeAsync(first, key => key with { Name = "renamed after it was revoked" });
        Assert.Equal([["project_a", "2"], ["project_b", "1"]], await ReadUsageAsync());

        await ClearAsync(StateName, "vk_2", second);
        Assert.Equal([["project_a", "1"], ["project_b", "1"]], await ReadUsageAsync());
        second.State = TestKeyState.Create("vk_2").State;
        await WriteAsync(StateName, "vk_2", second);
        Assert.Equal([["project_a", "2"], ["project_b", "1"]], await ReadUsageAsync());

        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");
        Assert.Equal([["project_a", "0"], ["project_b", "0"]], await ReadUsageAsync());
        Assert.Empty(await ReadRowsAsync());
    }

    [Fact]
    public async Task A_key_beyond_the_limit_of_its_project_is_refused_and_not_stored()
    {
        await CreateAsync("vk_1");
        await Database.ExecuteScalarAsync("UPDATE KeysProjectUsage SET MaxVirtualKeys = 1");

        Assert.IsAssignableFrom<DbException>(await Record.ExceptionAsync(() => CreateAsync("vk_2")));

        Assert.False((await ReadAsync(StateName, "vk_2")).RecordExists);
        Assert.Equal([["project_a", "1"]], await ReadUsageAsync());
        await CreateAsync("vk_other", "project_b");
    }

    [Fact]
    public async Task A_limit_below_the_number_of_keys_refuses_no_change_of_a_key()
    {
        var state = await CreateAsync("vk_1");
        await CreateAsync("vk_2");
        await Database.ExecuteScalarAsync("UPDATE KeysProjectUsage SET MaxVirtualKeys = 1");

        await ChangeAsync(state, key => key with { Name = "renamed" });
        await ChangeAsync(state, key => key with { RevokedAt = Time });

        Assert.Equal([["project_a", "1"]], await ReadUsageAsync());
    }

    [Fact]
    public async Task An_external_id_is_unique_in_a_project_until_its_key_is_revoked()
    {
        var state = await CreateAsync("vk_1");
        await ChangeAsync(state, key => key with { ExternalId = "ext" });
        var second = await CreateAsync("vk_2");
        var other = await CreateAsync("vk_other", "project_b");
        await ChangeAsync(other, key => key with { ExternalId = "ext" });

        Assert.IsAssignableFrom<DbException>(await Record.ExceptionAsync(
            () => ChangeAsync(second, key => key with { ExternalId = "ext" })));
        await ChangeAsync(state, key => key with { RevokedAt = Time });
        var again = await ReadAsync(StateName, "vk_2");

        await ChangeAsync(again, key => key with { ExternalId = "ext" });
    }

    private protected static TestSecretSet WithReplaced(TestKeyState key) => key.Secrets! with
    {
        Replaced = [new TestStoredSecret("vk-lw-live_ABC122", "hash-of-the-replaced-secret") { ValidUntil = Time }],
    };

    private protected async Task<TestGrainState> CreateAsync(string id, string project = "project_a")
    {
        var state = TestKeyState.Create(id, project);
        state.State = state.State with { Name = "a key" };
        await WriteAsync(StateName, id, state);
        return state;
    }

    private protected Task ChangeAsync(TestGrainState state, Func<TestKeyState, TestKeyState> change)
    {
        state.State = change(state.State).WithChange("updated");
        return WriteAsync(StateName, state.State.Id, state);
    }

    private protected Task<List<object?[]>> ReadRowsAsync() => Database.QueryRowsAsync(
        "SELECT Id, Name, Status, COALESCE(ExternalId, '') FROM KeysVirtualKey ORDER BY Id");

    private protected Task<List<object?[]>> ReadRetiringAsync() =>
        Database.QueryRowsAsync("SELECT Id, RetiringUntil FROM KeysRetiringKey ORDER BY Id");

    private protected Task<List<object?[]>> ReadNotRetiringAsync() =>
        Database.QueryRowsAsync("SELECT Id FROM KeysNotRetiringKey ORDER BY Id");

    private protected Task<List<object?[]>> ReadUsageAsync() => Database.QueryRowsAsync(
        "SELECT ProjectId, CAST(VirtualKeys AS text) FROM KeysProjectUsage ORDER BY ProjectId");
}

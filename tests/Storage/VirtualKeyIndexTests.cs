using System.Data.Common;
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
        await ChangeAsync(state, key => key with { RetiringUntil = Time.AddHours(1) });
        Assert.Equal([["vk_1", "2026-11-22T13:00:00.000Z"]], await ReadRetiringAsync());

        await ChangeAsync(state, key => key with { RetiringUntil = null });
        Assert.Empty(await ReadRetiringAsync());
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

    private protected Task<List<object?[]>> ReadUsageAsync() => Database.QueryRowsAsync(
        "SELECT ProjectId, CAST(VirtualKeys AS text) FROM KeysProjectUsage ORDER BY ProjectId");
}

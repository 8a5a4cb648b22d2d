using System.Data.Common;
using KeysCluster.Grains.Imports;
using KeysCluster.Imports;
using KeysCluster.Silo.Imports;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>The index of imported secrets, which the triggers maintain, and the hash schemes.</summary>
public abstract class ImportedKeyStoreTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;
    private const string Project = "project_01KAN5D0W4ZXQ3T8M6R2V9YB7C";
    private const string First = "vk_01KAN5D0W4ZXQ3T8M6R2V9YB7C";
    private const string Second = "vk_01KAN5D0W4ZXQ3T8M6R2V9YB7D";

    private protected ImportedKeyStoreTests()
    {
    }

    private protected ImportedKeyStoreTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    private ImportedKeyStore Store => new(Database.ServiceDataSource, ServiceId);

    [Fact]
    public async Task Keys_are_found_by_the_hashes_that_their_states_have()
    {
        var state = await CreateAsync(First, ["a", "b"]);
        await CreateAsync(Second, ["c"]);
        await AssertFoundAsync(("a", First), ("b", First), ("c", Second));

        await ChangeAsync(state, ["b", "d"]);
        await AssertFoundAsync(("b", First), ("c", Second), ("d", First));

        await ChangeAsync(state, null);
        await AssertFoundAsync(("c", Second));
    }

    [Fact]
    public async Task A_hash_without_a_key_and_no_hash_are_not_found()
    {
        await CreateAsync(First, ["a"]);
        Assert.Empty(await Store.FindAsync(["A", "", "aa"], default));
        Assert.Empty(await Store.FindAsync([], default));
        var other = new ImportedKeyStore(Database.ServiceDataSource, "another service");
        Assert.Empty(await other.FindAsync(["a"], default));
    }

    [Fact]
    public async Task A_thousand_hashes_under_eight_peppers_are_searched_at_once()
    {
        await CreateAsync(First, ["hash 7999"]);
        var found = await Store.FindAsync([.. Enumerable.Range(0, 8000).Select(i => $"hash {i}")], default);
        Assert.Equal(First, Assert.Single(found).Value.Id.ToString());
    }

    [Fact]
    public async Task Two_keys_cannot_have_the_same_hash()
    {
        await CreateAsync(First, ["a"]);
        Assert.IsAssignableFrom<DbException>(await Record.ExceptionAsync(() => CreateAsync(Second, ["a"])));
        await AssertFoundAsync(("a", First));
        await CreateAsync(Second, ["b"]);
    }

    [Fact]
    public async Task A_key_that_is_deleted_leaves_no_row()
    {
        await CreateAsync(First, ["a"]);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");
        await AssertFoundAsync();
        await CreateAsync(Second, ["a"]);
    }

    [Fact]
    public async Task A_scheme_keeps_the_time_at_which_it_was_first_added()
    {
        var first = new StoredHashScheme("hmac-sha256:a name", new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(first, await Store.AddSchemeAsync(first, default));
        Assert.Equal(first, await Store.AddSchemeAsync(first with { AddedAt = first.AddedAt.AddDays(1) }, default));
        var second = first with { Name = HashScheme.Sha256 };
        await Store.AddSchemeAsync(second, default);
        Assert.Equal([first, second], (await Store.ListSchemesAsync(default)).OrderBy(scheme => scheme.Name));
    }

    private async Task AssertFoundAsync(params (string Hash, string Id)[] expected)
    {
        var found = await Store.FindAsync(["a", "b", "c", "d"], default);
        Assert.Equal(
            expected,
            found.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value.Id.ToString())));
        Assert.All(found.Values, key => Assert.Equal(ProjectId.Parse(Project), key.Project));
    }

    private async Task<TestGrainState> CreateAsync(string id, string[] hashes)
    {
        var state = TestKeyState.Create(id, Project);
        state.State = state.State with { Name = "a key", ImportedHashes = hashes };
        await WriteAsync(StateName, id, state);
        return state;
    }

    private Task ChangeAsync(TestGrainState state, string[]? hashes)
    {
        state.State = (state.State with { ImportedHashes = hashes }).WithChange("rotated");
        return WriteAsync(StateName, state.State.Id, state);
    }
}

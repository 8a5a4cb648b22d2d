using KeysCluster.TestKit;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// The storage provider parses keys that look like GUIDs or numbers. The prefixes of ids prevent that, because they
/// contain letters that are not hexadecimal.
/// </summary>
public abstract class RowKeyTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected RowKeyTests()
    {
    }

    private protected RowKeyTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Prefixed_ids_that_differ_only_in_case_or_zeros_have_separate_rows()
    {
        string[] ids = ["vk_abc", "vk_ABC", "vk_0abc"];
        foreach (var id in ids)
            await WriteAsync(StateName, id, TestKeyState.Create(id));

        foreach (var id in ids)
            Assert.Equal(id, (await ReadAsync(StateName, id)).State.Id);
        Assert.Equal(3, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Theory]
    [InlineData("abc", "ABC")]
    [InlineData("abc", "0abc")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("abc+x", "0ABC+x")]
    public async Task Unprefixed_hexadecimal_ids_of_equal_value_share_a_row(string id, string other)
    {
        await WriteAsync(StateName, id, TestKeyState.Create(id));

        Assert.Equal(id, (await ReadAsync(StateName, other)).State.Id);
    }

    [Fact]
    public async Task A_plus_sign_after_the_prefix_does_not_split_the_id()
    {
        await WriteAsync(StateName, "vk_abc+x", TestKeyState.Create("vk_abc+x"));

        Assert.False((await ReadAsync(StateName, "vk_abc")).RecordExists);
        Assert.False((await ReadAsync(StateName, "vk_ABC+x")).RecordExists);
    }

    [Fact]
    public async Task An_unprefixed_hexadecimal_id_is_unique_and_listed()
    {
        await WriteAsync("project", "abc", TestKeyState.Create("abc"));

        Assert.Equal("abc", Assert.Single(await ListPageAsync("project", "", 0, 10)).Id);
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => WriteAsync("project", "ABC", TestKeyState.Create("ABC")));
    }

    [Fact]
    public async Task States_with_different_names_and_equal_keys_have_separate_rows()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        Assert.False((await ReadAsync("project", "vk_1")).RecordExists);
    }
}

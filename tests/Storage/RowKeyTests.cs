namespace KeysCluster.Storage.Tests;

/// <summary>What the provider makes of a grain's key, and why ids begin with letters that are not hex.</summary>
public abstract class RowKeyTests : StorageTest
{
    private const string Name = SampleKey.StateName;

    private protected RowKeyTests()
    {
    }

    private protected RowKeyTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Prefixed_ids_that_differ_only_in_case_or_zeros_are_rows_of_their_own()
    {
        string[] ids = ["vk_abc", "vk_ABC", "vk_0abc"];
        foreach (var id in ids)
            await Write(Name, id, SampleKey.New(id));

        foreach (var id in ids)
            Assert.Equal(id, (await Read(Name, id)).State.Id);
        Assert.Equal(3, await Database.Number("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Theory]
    [InlineData("abc", "ABC")]
    [InlineData("abc", "0abc")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("abc+x", "0ABC+x")]
    public async Task Ids_that_read_as_hex_numbers_share_a_row_when_the_numbers_are_equal(string id, string other)
    {
        await Write(Name, id, SampleKey.New(id));

        Assert.Equal(id, (await Read(Name, other)).State.Id);
    }

    [Fact]
    public async Task A_plus_after_the_prefix_splits_nothing()
    {
        await Write(Name, "vk_abc+x", SampleKey.New("vk_abc+x"));

        Assert.False((await Read(Name, "vk_abc")).RecordExists);
        Assert.False((await Read(Name, "vk_ABC+x")).RecordExists);
    }

    [Fact]
    public async Task A_hex_id_is_unique_and_listed_too()
    {
        await Write("project", "abc", SampleKey.New("abc"));

        Assert.Equal("abc", Assert.Single(
            await Index.ListPage<SampleKey>("project", "", 0, 10, CancellationToken.None)).Id);
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(
            () => Write("project", "ABC", SampleKey.New("ABC")));
    }

    [Fact]
    public async Task States_of_different_names_and_equal_keys_are_apart()
    {
        await Write(Name, "vk_1", SampleKey.New("vk_1"));

        Assert.False((await Read("project", "vk_1")).RecordExists);
    }

    public sealed class OnSqlite : RowKeyTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : RowKeyTests(postgres);
}

using System.Data.Common;
using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>States that are stored in one transaction, without the provider of Orleans that reads them.</summary>
public abstract class StateInserterTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected StateInserterTests()
    {
    }

    private protected StateInserterTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task The_provider_reads_and_changes_an_inserted_state()
    {
        await InsertAsync("vk_1", "vk_2");

        var state = await ReadAsync(StateName, "vk_2");
        Assert.Equal("vk_2", state.State.Id);
        state.State = state.State with { Note = "changed" };
        await WriteAsync(StateName, "vk_2", state);
        Assert.Equal("changed", (await ReadAsync(StateName, "vk_2")).State.Note);
    }

    /// <summary>With other hashes, the provider would store a second row of the same grain.</summary>
    [Fact]
    public async Task A_row_is_the_one_that_the_provider_writes()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        var written = Assert.Single(await ReadRowsAsync());
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");
        await InsertAsync("vk_1");
        Assert.Equal(written, Assert.Single(await ReadRowsAsync()));
    }

    [Fact]
    public async Task An_inserted_state_is_indexed_and_has_its_event()
    {
        await InsertAsync("vk_1", "vk_2");
        Assert.Equal(
            [["vk_1"], ["vk_2"]], await Database.QueryRowsAsync("SELECT Id FROM KeysVirtualKey ORDER BY Id"));
        Assert.Equal(
            [["vk_1", "create"], ["vk_2", "create"]],
            await Database.QueryRowsAsync("SELECT Id, Type FROM KeysEvent ORDER BY Id"));
    }

    [Fact]
    public async Task If_one_state_cannot_be_stored_none_is()
    {
        await InsertAsync("vk_2");
        Assert.IsAssignableFrom<DbException>(await Record.ExceptionAsync(() => InsertAsync("vk_1", "vk_2", "vk_3")));
        Assert.Equal([["vk_2"]], await Database.QueryRowsAsync("SELECT Id FROM KeysVirtualKey"));
    }

    [Fact]
    public async Task A_violated_rule_is_the_outcome_and_nothing_is_stored()
    {
        await InsertAsync("vk_1");
        await Database.ExecuteScalarAsync("UPDATE KeysProjectUsage SET MaxVirtualKeys = 2");
        var violation = await Assert.ThrowsAsync<StateConstraintException>(() => InsertAsync("vk_2", "vk_3"));
        Assert.Equal(ChangeOutcome.TooManyVirtualKeys, violation.Outcome);
        Assert.Equal([["vk_1"]], await Database.QueryRowsAsync("SELECT Id FROM KeysVirtualKey"));
    }

    private Task<List<object?[]>> ReadRowsAsync() => Database.QueryRowsAsync("""
        SELECT GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
               Version
        FROM OrleansStorage
        """);

    private Task InsertAsync(params string[] ids)
    {
        NewState[] states =
        [
            .. ids.Select(id => new NewState(
                GrainId.Create(StateName, id), Serializer.Serialize(TestKeyState.Create(id).State).ToMemory())),
        ];
        return Inserter.InsertAsync(StateName, states, default);
    }
}

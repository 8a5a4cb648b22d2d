namespace KeysCluster.Storage.Tests;

public abstract class AuditTests : StorageTest
{
    private const string Name = SampleKey.StateName;

    private protected AuditTests()
    {
    }

    private protected AuditTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Every_revision_leaves_one_row_that_says_who_did_what()
    {
        var state = await Created("vk_1");
        state.State = state.State.Next("rotate") with { Secrets = new(new("vk-lw-live_XYZ789", "another-hash")) };
        await Write(Name, "vk_1", state);

        object?[][] expected =
        [
            [ServiceId, Name, "vk_1", "project_a", 1L, "create", "project_api_key:pk_1", "2026-11-22T10:15:00.000Z",
                "vk-lw-live_ABC123"],
            [ServiceId, Name, "vk_1", "project_a", 2L, "rotate", "project_api_key:pk_2", "2026-11-22T10:16:00.000Z",
                "vk-lw-live_XYZ789"],
        ];
        Assert.Equal(expected, await Database.Rows(
            """
            SELECT ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix
            FROM KeysAudit ORDER BY Seq
            """));
    }

    [Fact]
    public async Task A_write_within_a_revision_leaves_none()
    {
        var state = await Created("vk_1");
        state.State = state.State with { Note = "used" };
        await Write(Name, "vk_1", state);
        await Clear(Name, "vk_1", state);

        Assert.Equal(1, await Database.Number("SELECT COUNT(*) FROM KeysAudit"));
    }

    [Fact]
    public async Task A_project_is_its_own_project()
    {
        await Write("project", "project_a", SampleKey.New("project_a", project: ""));

        Assert.Equal(1, await Database.Number(
            """
            SELECT COUNT(*) FROM KeysAudit
            WHERE StateName = 'project' AND Id = 'project_a' AND ProjectId = 'project_a'
            """));
    }

    [Fact]
    public async Task A_change_that_cannot_be_audited_is_not_made()
    {
        var state = await Created("vk_1");
        await Database.Scalar("DROP TABLE KeysAudit");
        state.State = state.State.Next("rotate") with { Note = "rotated" };

        Assert.NotNull(await Record.ExceptionAsync(() => Write(Name, "vk_1", state)));
        Assert.NotNull(await Record.ExceptionAsync(() => Created("vk_2")));

        var stored = await Read(Name, "vk_1");
        Assert.Equal((1, "", "1"), (stored.State.Revision, stored.State.Note, stored.ETag));
        Assert.False((await Read(Name, "vk_2")).RecordExists);
        Assert.Equal(1, await Database.Number("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_change_that_does_not_say_who_made_it_is_refused()
    {
        var state = SampleKey.New("vk_1");
        state.State = state.State with { Change = null };

        Assert.NotNull(await Record.ExceptionAsync(() => Write(Name, "vk_1", state)));

        Assert.Equal(0, await Database.Number("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task No_row_holds_a_hash()
    {
        await Created("vk_1");

        var written = (await Database.Rows("SELECT * FROM KeysAudit")).SelectMany(row => row).OfType<string>().ToList();

        Assert.NotEmpty(written);
        Assert.All(written, text => Assert.DoesNotContain("hash-of", text, StringComparison.Ordinal));
    }

    private async Task<StoredKey> Created(string id)
    {
        var state = SampleKey.New(id);
        await Write(Name, id, state);
        return state;
    }

    public sealed class OnSqlite : AuditTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : AuditTests(postgres);
}

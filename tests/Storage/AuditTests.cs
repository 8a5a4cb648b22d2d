using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class AuditTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected AuditTests()
    {
    }

    private protected AuditTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Every_revision_writes_one_audit_row_with_its_action_and_actor()
    {
        var state = await CreateAsync("vk_1");
        var secrets = new TestSecretSet(new TestStoredSecret("vk-lw-live_XYZ789", "another-hash"));
        state.State = state.State.WithChange("rotate") with { Secrets = secrets };
        await WriteAsync(StateName, "vk_1", state);

        object?[][] expected =
        [
            [
                ServiceId, StateName, "vk_1", "project_a", 1L, "create", "project_api_key:pk_1",
                "2026-11-22T10:15:00.000Z", "vk-lw-live_ABC123",
            ],
            [
                ServiceId, StateName, "vk_1", "project_a", 2L, "rotate", "project_api_key:pk_2",
                "2026-11-22T10:16:00.000Z", "vk-lw-live_XYZ789",
            ],
        ];
        Assert.Equal(expected, await Database.QueryRowsAsync(
            """
            SELECT ServiceId, StateName, Id, ProjectId, Revision, Action, Actor, At, DisplayPrefix
            FROM KeysAudit ORDER BY Seq
            """));
    }

    [Fact]
    public async Task A_write_within_a_revision_adds_no_audit_row()
    {
        var state = await CreateAsync("vk_1");
        state.State = state.State with { Note = "used" };
        await WriteAsync(StateName, "vk_1", state);
        await ClearAsync(StateName, "vk_1", state);

        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysAudit"));
    }

    [Fact]
    public async Task The_audit_row_of_a_project_names_the_project_itself()
    {
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a", project: ""));

        Assert.Equal(1, await Database.QueryInt64Async(
            """
            SELECT COUNT(*) FROM KeysAudit
            WHERE StateName = 'project' AND Id = 'project_a' AND ProjectId = 'project_a'
            """));
    }

    [Fact]
    public async Task A_change_that_cannot_be_audited_is_not_persisted()
    {
        var state = await CreateAsync("vk_1");
        await Database.ExecuteScalarAsync("DROP TABLE KeysAudit");
        state.State = state.State.WithChange("rotate") with { Note = "rotated" };

        Assert.NotNull(await Record.ExceptionAsync(() => WriteAsync(StateName, "vk_1", state)));
        Assert.NotNull(await Record.ExceptionAsync(() => CreateAsync("vk_2")));

        var stored = await ReadAsync(StateName, "vk_1");
        Assert.Equal((1, "", "1"), (stored.State.Revision, stored.State.Note, stored.ETag));
        Assert.False((await ReadAsync(StateName, "vk_2")).RecordExists);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_change_without_an_audit_entry_is_refused()
    {
        var state = TestKeyState.Create("vk_1");
        state.State = state.State with { Change = null };

        Assert.NotNull(await Record.ExceptionAsync(() => WriteAsync(StateName, "vk_1", state)));

        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Audit_rows_never_contain_a_secret_hash()
    {
        await CreateAsync("vk_1");

        var rows = await Database.QueryRowsAsync("SELECT * FROM KeysAudit");
        var texts = rows.SelectMany(row => row).OfType<string>().ToList();

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.DoesNotContain("hash-of", text, StringComparison.Ordinal));
    }

    private async Task<TestGrainState> CreateAsync(string id)
    {
        var state = TestKeyState.Create(id);
        await WriteAsync(StateName, id, state);
        return state;
    }
}

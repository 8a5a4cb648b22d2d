using System.Data.Common;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>How the database lists archived projects and erases them.</summary>
public abstract class ProjectErasureTests : StorageTest
{
    private const string Project = "project_a";

    private static readonly DateTimeOffset Time = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private protected ProjectErasureTests()
    {
    }

    private protected ProjectErasureTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task An_archived_project_moves_to_the_list_of_archived_projects()
    {
        var project = await CreateProjectAsync();
        Assert.Equal([Project], await ListAsync(""));

        await ChangeProjectAsync(project, "archived", state => state with { ArchivedAt = Time });
        await ChangeProjectAsync(project, "updated", state => state with { Note = "again" });
        Assert.Empty(await ListAsync(""));
        Assert.Equal([Project], await ListAsync("archived"));

        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");
        Assert.Empty(await ListAsync("archived"));
    }

    [Fact]
    public async Task An_erasure_leaves_the_project_and_the_event_of_the_request()
    {
        const int keyCount = 450;
        var project = await CreateProjectAsync();
        for (var i = 0; i < keyCount; i++) await CreateKeyAsync($"vk_{i}", Project);
        await CreateKeyAsync("vk_other", "project_b");
        foreach (var owner in new[] { Project, "project_b" })
        {
            await Database.ExecuteScalarAsync($"""
                INSERT INTO KeysWebhookDelivery
                    (ServiceId, Id, ProjectId, WebhookId, OwnerId, Type, Payload, CreatedAt, Status, AttemptCount,
                     Attempts)
                SELECT ServiceId, 'msg_' || Id, '{owner}', 'webhook_1', Id, 'created', '', '', 1, 1, ''
                FROM KeysVirtualKey WHERE ProjectId = '{owner}'
                """);
            await Database.ExecuteScalarAsync($"""
                INSERT INTO KeysWebhookRedelivery (ServiceId, WebhookId, ProjectId, Since, Version)
                VALUES ('{ServiceId}', 'webhook_of_{owner}', '{owner}', '', '')
                """);
        }

        await ChangeProjectAsync(project, "archived", state => state with { ArchivedAt = Time });
        await ChangeProjectAsync(project, "erasure_requested", state => state with { ErasureRequestedAt = Time });

        var batches = 0;
        while (!await Eraser.EraseBatchAsync(Project, default)) batches++;

        Assert.InRange(batches, 4, 15);
        Assert.Equal(
            [["project_b"]], await Database.QueryRowsAsync("SELECT DISTINCT ProjectId FROM KeysWebhookDelivery"));
        Assert.Equal([["project_b"]], await Database.QueryRowsAsync("SELECT ProjectId FROM KeysWebhookRedelivery"));
        Assert.Equal(
            [["project_a", "erasure_requested"], ["vk_other", "create"]],
            await Database.QueryRowsAsync("SELECT Id, Type FROM KeysEvent ORDER BY Id"));
        Assert.Equal(2, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysVirtualKey"));
        Assert.True((await ReadAsync("project", Project)).RecordExists);
    }

    [Fact]
    public async Task No_key_is_created_in_a_project_that_is_being_erased()
    {
        var project = await CreateProjectAsync();
        await ChangeProjectAsync(
            project, "erasure_requested", state => state with { ArchivedAt = Time, ErasureRequestedAt = Time });

        Assert.IsAssignableFrom<DbException>(await Record.ExceptionAsync(() => CreateKeyAsync("vk_1", Project)));
        await CreateKeyAsync("vk_2", "project_b");
    }

    private async Task<TestGrainState> CreateProjectAsync()
    {
        var state = TestKeyState.Create(Project, project: "");
        await WriteAsync("project", Project, state);
        return state;
    }

    private Task CreateKeyAsync(string id, string project) =>
        WriteAsync(TestKeyState.StateName, id, TestKeyState.Create(id, project));

    private Task ChangeProjectAsync(TestGrainState project, string type, Func<TestKeyState, TestKeyState> change)
    {
        project.State = change(project.State).WithChange(type);
        return WriteAsync("project", Project, project);
    }

    private async Task<string[]> ListAsync(string owner) =>
        [.. (await ListPageAsync("project", owner, offset: 0, limit: 10)).Select(state => state.Id)];
}

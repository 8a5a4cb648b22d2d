using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Storage;

/// <summary>
/// A state of a newer schema version may follow rules that this build does not know. This build reads it, but never
/// writes it.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class NewerSchemaTests(KeysTestCluster cluster)
{
    private const int NewerVersion = SecretHolderState.CurrentSchemaVersion + 1;
    private const int WriteRefusedEvent = 202;

    [Fact]
    public async Task A_key_of_a_newer_schema_is_read_and_validated()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(key.Mint()));
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(second));
        var shown = await key.GetAsync();
        Assert.Equal((2, second.DisplayPrefix), (shown.Revision, shown.DisplayPrefix));
    }

    [Fact]
    public async Task Changes_of_a_key_of_a_newer_schema_are_refused_without_a_write_and_logged()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var retiring = key.GetSecretId(key.First);
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);
        var (row, writes) = (key.Row, key.Writes.Count);
        var secret = key.Mint();

        Func<Task>[] changes =
        [
            () => key.RotateAsync(secret),
            () => key.RotateAsync(secret, TestData.OriginalRequest),
            () => key.RenameAsync("another name"),
            () => key.SetExpiryAsync(cluster.Now.AddDays(1)),
            () => key.ExpireRetiringSecretsAsync(retiring),
            () => key.ChangeDeadlineAsync(retiring, cluster.Now.AddHours(1)),
            () => key.DisableAsync(),
            key.RevokeAsync,
        ];
        foreach (var change in changes) await Assert.ThrowsAsync<StorageUnavailableException>(change);

        Assert.Equal((row, writes), (key.Row, key.Writes.Count));
        Assert.Equal(changes.Length, CountRefusedWrites(key.GrainId));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(secret));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(2, (await key.GetAsync()).Revision);
    }

    [Fact]
    public async Task The_last_use_of_a_key_of_a_newer_schema_is_discarded_without_a_log_message()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);
        var (row, writes) = (key.Row, key.Writes.Count);

        await key.UseAsync(key.First);
        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await key.WaitForPendingTurnsAsync();
        await cluster.RestartAsync(key.GrainId);

        Assert.Equal((row, writes), (key.Row, key.Writes.Count));
        Assert.Equal(0, CountRefusedWrites(key.GrainId));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task An_expired_secret_of_a_key_of_a_newer_schema_is_refused_but_not_erased()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);
        var (row, writes) = (key.Row, key.Writes.Count);

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        Assert.Equal((row, writes), (key.Row, key.Writes.Count));
        Assert.Equal(0, CountRefusedWrites(key.GrainId));
        Assert.NotNull(cluster.Reminders.GetDueTime(key.GrainId));
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
    }

    [Fact]
    public async Task A_command_that_needs_no_write_succeeds_and_a_replay_fails_on_a_key_of_a_newer_schema()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), TestData.OriginalRequest);
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);
        var (row, writes) = (key.Row, key.Writes.Count);

        // A replay is recorded as an event.
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => key.RotateAsync(key.Mint(), TestData.RetriedRequest));
        Assert.Equal(ChangeOutcome.Done, (await key.EnableAsync()).Outcome);
        Assert.Equal((row, writes), (key.Row, key.Writes.Count));
    }

    [Fact]
    public async Task Changes_and_erasures_work_again_after_the_schema_version_is_supported()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, NewerVersion);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        await SetSchemaVersionAsync(StorageNames.VirtualKey, key.GrainId, SecretHolderState.CurrentSchemaVersion);

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        var third = await key.RotateAsync();
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(third));
        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);
    }

    [Fact]
    public async Task A_project_of_a_newer_schema_authenticates_but_cannot_be_changed()
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        await SetSchemaVersionAsync(StorageNames.Project, project.GrainId, NewerVersion);
        var row = project.Row;

        Assert.NotNull(await project.AuthenticateAsync(project.First));
        await Assert.ThrowsAsync<StorageUnavailableException>(project.RotateAsync);

        Assert.Equal(row, project.Row);
        Assert.Equal(1, CountRefusedWrites(project.GrainId));
    }

    private async Task SetSchemaVersionAsync(string stateName, GrainId grain, int version)
    {
        await cluster.RestartAsync(grain);
        cluster.Storage.OverwriteJson(stateName, grain, state => state["schema_version"] = version);
    }

    private int CountRefusedWrites(GrainId grain) => cluster.GrainLogs.GetSnapshot().Count(record =>
        record.Id.Id == WriteRefusedEvent && record.Message.Contains(grain.ToString(), StringComparison.Ordinal));
}

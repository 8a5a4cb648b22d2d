using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>The last use of each secret shows whether it can be expired without rejecting a client.</summary>
[Collection(ClusterTests.Name)]
public sealed class LastUsedTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_use_is_visible_immediately()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Clock.Advance(Minute);
        await key.UseAsync(key.First);

        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    /// <summary>A service that validates reports the times of its uses.</summary>
    [Fact]
    public async Task A_reported_use_is_neither_in_the_future_nor_before_the_secret_was_created()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var id = key.GetSecretId(key.First);
        var createdAt = cluster.Now;
        cluster.Clock.Advance(Minute);

        await key.Grain.RecordUse(id, DateTimeOffset.MinValue);
        Assert.Equal(createdAt, (await key.GetAsync()).LastUsedAt);

        await key.Grain.RecordUse(id, DateTimeOffset.MaxValue);
        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task Each_secret_has_its_own_last_use_that_survives_a_reactivation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var third = await key.RotateAsync();
        await key.UseAsync(key.First);
        var firstUse = cluster.Now;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await key.UseAsync(third);
        var thirdUse = cluster.Now;

        for (var restarts = 0; restarts < 2; restarts++)
        {
            var shown = await key.GetAsync();
            Assert.Equal((thirdUse, thirdUse), (shown.SecretLastUsedAt, shown.LastUsedAt));
            Assert.Equal(
                [(key.GetSecretId(second), null), (key.GetSecretId(key.First), firstUse)],
                shown.RetiringSecrets.Select(secret => (secret.Id, secret.LastUsedAt)));
            await cluster.RestartAsync(key.GrainId);
        }
    }

    [Fact]
    public async Task A_retiring_secret_keeps_its_last_use_and_a_new_secret_has_none()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var usedAt = cluster.Now;
        cluster.Clock.Advance(TestData.Millisecond);
        await key.RotateAsync();
        await cluster.RestartAsync(key.GrainId);

        var shown = await key.GetAsync();
        Assert.Null(shown.SecretLastUsedAt);
        Assert.Equal((usedAt, usedAt), (shown.LastUsedAt, Assert.Single(shown.RetiringSecrets).LastUsedAt));
    }

    [Fact]
    public async Task A_use_of_a_retiring_secret_does_not_count_for_the_current_one()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await key.UseAsync(key.First);

        Assert.Null((await key.GetAsync()).SecretLastUsedAt);
        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task The_last_use_of_an_erased_secret_remains_the_last_use_of_the_key()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await key.UseAsync(key.First);
        var usedAt = cluster.Now;

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Equal((usedAt, null), ((await key.GetAsync()).LastUsedAt, (await key.GetAsync()).SecretLastUsedAt));

        await cluster.RestartAsync(key.GrainId);
        Assert.Equal((usedAt, null), ((await key.GetAsync()).LastUsedAt, (await key.GetAsync()).SecretLastUsedAt));
    }

    [Fact]
    public async Task Uses_of_several_secrets_within_one_minute_are_persisted_once()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        for (var i = 0; i < 5; i++)
        {
            await key.UseAsync(key.First);
            await key.UseAsync(second);
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);

        var shown = await key.GetAsync();
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(3, key.Writes.Count);
        Assert.NotNull(shown.LastUsedAt);
        Assert.Equal(shown.LastUsedAt, key.Stored.LastUsedAt);
        Assert.Equal(shown.LastUsedAt, key.Stored.Secrets.CurrentSecret.LastUsedAt);
        Assert.Equal(shown.LastUsedAt, Assert.Single(key.Stored.Secrets.Replaced).LastUsedAt);
    }

    [Fact]
    public async Task A_use_is_persisted_once_per_minute_and_an_unused_key_is_not_written()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        for (var uses = 1; uses <= 3; uses++)
        {
            await key.UseAsync(key.First);
            cluster.Clock.Advance(Minute);
            await key.WaitForPendingTurnsAsync();
            Assert.Equal(1 + uses, key.Writes.Count);
        }

        cluster.Clock.Advance(10 * Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(4, key.Writes.Count);
    }

    [Fact]
    public async Task A_use_changes_neither_the_revision_nor_the_update_time()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var before = await key.GetAsync();
        cluster.Clock.Advance(Minute);
        await key.UseAsync(key.First);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        var after = await key.GetAsync();
        Assert.NotNull(key.Stored.LastUsedAt);
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    [Fact]
    public async Task A_deactivation_persists_the_last_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var usedAt = cluster.Now;

        await cluster.RestartAsync(key.GrainId);

        Assert.Equal(usedAt, key.Stored.LastUsedAt);
        Assert.Equal(usedAt, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task A_change_persists_the_last_use_in_the_same_write()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var usedAt = cluster.Now;

        Assert.Equal(usedAt, (await key.RenameAsync("other")).Key!.LastUsedAt);
        Assert.Equal(usedAt, key.Stored.LastUsedAt);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);
    }

    [Fact]
    public async Task A_failed_write_of_a_use_loses_no_acknowledged_change()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        await key.UseAsync(second);
        key.Writes.FailNext();
        var deactivation = cluster.WaitForDeactivationAsync(key.GrainId);

        cluster.Clock.Advance(Minute);
        await deactivation;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(2, (await key.GetAsync()).Revision);
    }

    [Fact]
    public async Task Validations_are_answered_while_a_use_is_being_written()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var gate = key.Writes.BlockNext();
        cluster.Clock.Advance(Minute);
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(key.First));

        gate.Open();
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);
    }

    [Fact]
    public async Task A_refused_validation_does_not_count_as_a_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.Mint()));
        await cluster.GrainValidator.ValidateAsync(key.First.Reveal(), TestData.OtherProject);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        Assert.Null((await key.GetAsync()).LastUsedAt);
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task A_refused_secret_is_never_recorded_as_used()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var current = await key.RotateAsync();
        await key.ExpireRetiringSecretsAsync(null);
        await key.DisableAsync();
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateByGrainAsync(key.First));
        Assert.Equal(VerdictCode.Disabled, await key.ValidateByGrainAsync(current));
        await key.EnableAsync();
        await key.SetExpiryAsync(cluster.Now + TestData.Millisecond);
        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.Expired, await key.ValidateByGrainAsync(current));

        Assert.Null((await key.GetAsync()).LastUsedAt);
        Assert.Null((await key.GetAsync()).SecretLastUsedAt);
    }
}

using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

[Collection(ClusterTests.Name)]
public sealed class VirtualKeyCommandTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_rotation_without_grace_replaces_the_secret_in_one_write_and_erases_the_old_one()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = key.Mint();

        var rotated = await key.RotateAsync(second, TimeSpan.Zero);

        Assert.Equal((ChangeOutcome.Done, 2), (rotated.Outcome, key.Writes.Count));
        Assert.Empty(rotated.Key!.RetiringSecrets);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task Expiring_a_retiring_secret_refuses_it_immediately_and_erases_it_at_the_next_tick()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var third = await key.RotateAsync();

        Assert.Equal(
            ChangeOutcome.Done, (await key.ExpireRetiringSecretsAsync(key.GetSecretId(key.First))).Outcome);
        AssertDueWithinAMinuteAfter(cluster.Now, key);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(second));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.True(key.IsHashStored(second));

        await key.ExpireRetiringSecretsAsync(null);
        await cluster.RestartAsync(key.GrainId);
        Assert.False((await key.GetVerdictAsync(second)).IsValid);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(third));
    }

    [Fact]
    public async Task Expiring_retiring_secrets_takes_effect_when_it_is_acknowledged()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.ExpireRetiringSecretsAsync(null));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));

        var gate = key.Writes.BlockNext();
        var change = key.ExpireRetiringSecretsAsync(null);
        await gate.Arrived;
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        gate.Open();
        await change;
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_secret_with_an_extended_deadline_is_erased_only_after_the_new_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var deadline = cluster.Now.AddDays(3);
        Assert.Equal(
            ChangeOutcome.Done, (await key.ChangeDeadlineAsync(key.GetSecretId(key.First), deadline)).Outcome);

        AssertDueWithinAMinuteAfter(deadline, key);
        cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
        await key.Grain.AsReference<IRemindable>().ReceiveReminder(ErasureReminder.Name, default);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task An_earlier_deadline_or_key_expiry_brings_the_reminder_forward()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var (earlier, earliest) = (cluster.Now.AddHours(5), cluster.Now.AddHours(4));

        await key.ChangeDeadlineAsync(key.GetSecretId(key.First), earlier);
        AssertDueWithinAMinuteAfter(earlier, key);
        await key.SetExpiryAsync(earliest);
        AssertDueWithinAMinuteAfter(earliest, key);
    }

    [Fact]
    public async Task A_disabled_key_stays_disabled_after_a_reactivation_until_it_is_enabled()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        await key.DisableAsync("the first reason");
        await key.DisableAsync("another reason");
        var disabledAt = cluster.Now;
        await cluster.RestartAsync(key.GrainId);

        Assert.Equal(VerdictCode.Disabled, await key.ValidateAsync(second));
        var shown = await key.GetAsync();
        Assert.Equal((disabledAt, "the first reason", 3), (shown.DisabledAt, shown.DisabledReason, shown.Revision));

        Assert.Equal(ChangeOutcome.Done, (await key.EnableAsync()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_key_expires_without_a_reminder_and_is_valid_again_after_its_expiry_is_removed()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var expiry = cluster.Now.AddHours(1);
        await key.SetExpiryAsync(expiry);
        await cluster.RestartAsync(key.GrainId);

        cluster.Clock.SetUtcNow(expiry - TestData.Millisecond);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        cluster.Clock.SetUtcNow(expiry);
        Assert.Equal(VerdictCode.Expired, await key.ValidateAsync(key.First));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));

        Assert.Equal(ChangeOutcome.Done, (await key.SetExpiryAsync(null)).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task Commands_from_another_project_or_for_an_unknown_key_return_NotFound()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var before = key.Row;
        var secret = key.GetSecretId(key.First);

        foreach (var (grain, caller) in new[]
        {
            (key.Grain, TestData.OtherCaller), (GrainTestKey.Unknown(cluster).Grain, TestData.Caller),
        })
        {
            VirtualKeyResult[] results =
            [
                await grain.ExpireRetiringSecrets(new ExpireRetiringSecretsCommand(caller, secret)),
                await grain.ExpireRetiringSecrets(new ExpireRetiringSecretsCommand(caller, null)),
                await grain.ChangeDeadline(new ChangeDeadlineCommand(caller, secret, cluster.Now.AddHours(1))),
                await grain.Disable(caller, null),
                await grain.Enable(caller),
            ];
            Assert.All(results, result => Assert.Equal(new(ChangeOutcome.NotFound, null), result));
        }

        Assert.Equal(before, key.Row);
    }

    [Fact]
    public async Task A_refused_command_to_a_revoked_key_is_not_persisted()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var secret = key.GetSecretId(key.First);
        await key.RevokeAsync();
        var before = key.Row;

        VirtualKeyResult[] results =
        [
            await key.ExpireRetiringSecretsAsync(secret),
            await key.ExpireRetiringSecretsAsync(null),
            await key.ChangeDeadlineAsync(secret, cluster.Now.AddHours(1)),
            await key.SetExpiryAsync(null),
            await key.DisableAsync(),
            await key.EnableAsync(),
            await key.RotateAsync(key.Mint(), TestData.OriginalRequest),
        ];

        Assert.All(results, result => Assert.Equal(ChangeOutcome.KeyRevoked, result.Outcome));
        Assert.Equal(before, key.Row);
    }

    private void AssertDueWithinAMinuteAfter(DateTimeOffset deadline, GrainTestKey key) =>
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));
}

using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>When each secret was last used, by which people see whether cutting one is safe.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SecretLastUsedTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_secret_has_its_own_last_use_that_survives_a_reactivation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var third = await key.RotateAsync();
        await key.ValidateAsync(key.First);
        var firstUse = cluster.Now;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await key.ValidateAsync(third);
        var thirdUse = cluster.Now;

        for (var restarts = 0; restarts < 2; restarts++)
        {
            var shown = await key.GetAsync();
            Assert.Equal((thirdUse, thirdUse), (shown.SecretLastUsedAt, shown.LastUsedAt));
            Assert.Equal(
                [(key.GetSecretId(second), null), (key.GetSecretId(key.First), firstUse)],
                shown.RetiringSecrets.Select(secret => (secret.Id, secret.LastUsedAt)));
            await cluster.DeactivateAsync(key.GrainId);
        }
    }

    [Fact]
    public async Task A_retiring_secret_keeps_its_last_use_and_a_new_secret_has_none()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        var used = cluster.Now;
        cluster.Clock.Advance(TestData.Millisecond);
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);

        var shown = await key.GetAsync();
        Assert.Null(shown.SecretLastUsedAt);
        Assert.Equal((used, used), (shown.LastUsedAt, Assert.Single(shown.RetiringSecrets).LastUsedAt));
    }

    [Fact]
    public async Task The_last_use_of_an_erased_secret_remains_the_last_use_of_the_key()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await key.ValidateAsync(key.First);
        var used = cluster.Now;

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Equal((used, null), ((await key.GetAsync()).LastUsedAt, (await key.GetAsync()).SecretLastUsedAt));

        await cluster.DeactivateAsync(key.GrainId);
        Assert.Equal((used, null), ((await key.GetAsync()).LastUsedAt, (await key.GetAsync()).SecretLastUsedAt));
    }

    [Fact]
    public async Task Uses_of_several_secrets_within_one_minute_are_persisted_once()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        for (var i = 0; i < 3; i++)
        {
            await key.ValidateAsync(key.First);
            await key.ValidateAsync(second);
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);

        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(3, key.Writes.Count);
        Assert.NotNull(key.Stored.Secrets.CurrentSecret.LastUsedAt);
        Assert.NotNull(Assert.Single(key.Stored.Secrets.Replaced).LastUsedAt);
    }

    [Fact]
    public async Task A_use_of_a_retiring_secret_does_not_count_for_the_current_one()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await key.ValidateAsync(key.First);

        Assert.Null((await key.GetAsync()).SecretLastUsedAt);
        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task A_refused_secret_is_never_recorded_as_used()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var current = await key.RotateAsync();
        await key.ExpireRetiringSecretsAsync(null);
        await key.Grain.Disable(TestData.Caller, null);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Disabled, await key.ValidateAsync(current));
        await key.Grain.Enable(TestData.Caller);
        await key.SetExpiryAsync(cluster.Now + TestData.Millisecond);
        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.Expired, await key.ValidateAsync(current));

        Assert.Null((await key.GetAsync()).LastUsedAt);
        Assert.Null((await key.GetAsync()).SecretLastUsedAt);
    }

    [Fact]
    public async Task A_verdict_identifies_the_matching_secret()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();

        Assert.Equal(key.GetSecretId(key.First), (await key.GetVerdictAsync(key.First)).SecretId);
        Assert.Equal(key.GetSecretId(second), (await key.GetVerdictAsync(second)).SecretId);
        Assert.Null((await key.GetVerdictAsync(key.Mint())).SecretId);
    }
}

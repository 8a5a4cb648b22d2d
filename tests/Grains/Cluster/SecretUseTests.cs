using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>When each secret was last used, by which people see whether cutting one is safe.</summary>
[Collection(OnCluster.Name)]
public sealed class SecretUseTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Each_secret_shows_its_own_last_use_before_and_after_a_restart()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var third = await key.Rotate();
        await key.Validate(key.First);
        var firstUse = cluster.Now;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await key.Validate(third);
        var thirdUse = cluster.Now;

        for (var restarts = 0; restarts < 2; restarts++)
        {
            var shown = await key.Get();
            Assert.Equal((thirdUse, thirdUse), (shown.SecretLastUsedAt, shown.LastUsedAt));
            Assert.Equal(
                [(key.IdOf(second), null), (key.IdOf(key.First), firstUse)],
                shown.RetiringSecrets.Select(secret => (secret.Id, secret.LastUsedAt)));
            await cluster.Deactivate(key.GrainId);
        }
    }

    [Fact]
    public async Task A_rotation_takes_the_last_use_to_the_retiring_secret_and_the_new_one_has_none()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.First);
        var used = cluster.Now;
        cluster.Clock.Advance(Sample.Millisecond);
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);

        var shown = await key.Get();
        Assert.Null(shown.SecretLastUsedAt);
        Assert.Equal((used, used), (shown.LastUsedAt, Assert.Single(shown.RetiringSecrets).LastUsedAt));
    }

    [Fact]
    public async Task The_last_use_of_an_erased_secret_stays_the_last_use_of_the_key()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await key.Validate(key.First);
        var used = cluster.Now;

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.Equal((used, null), ((await key.Get()).LastUsedAt, (await key.Get()).SecretLastUsedAt));

        await cluster.Deactivate(key.GrainId);
        Assert.Equal((used, null), ((await key.Get()).LastUsedAt, (await key.Get()).SecretLastUsedAt));
    }

    [Fact]
    public async Task Uses_of_several_secrets_within_a_minute_are_written_once()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        for (var i = 0; i < 3; i++)
        {
            await key.Validate(key.First);
            await key.Validate(second);
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await key.Settle();
        Assert.Equal(2, key.Writes.Count);

        cluster.Clock.Advance(Minute);
        await key.Settle();
        Assert.Equal(3, key.Writes.Count);
        Assert.NotNull(key.Stored.Secrets.Current.LastUsedAt);
        Assert.NotNull(Assert.Single(key.Stored.Secrets.Replaced).LastUsedAt);
    }

    [Fact]
    public async Task A_use_of_a_retiring_secret_is_no_use_of_the_current_one()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await key.Validate(key.First);

        Assert.Null((await key.Get()).SecretLastUsedAt);
        Assert.Equal(cluster.Now, (await key.Get()).LastUsedAt);
    }

    [Fact]
    public async Task A_secret_that_is_refused_for_whatever_reason_is_not_used()
    {
        var key = await ClusterKey.Create(cluster);
        var current = await key.Rotate();
        await key.Cut(null);
        await key.Grain.Disable(Sample.Caller, null);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Disabled, await key.Validate(current));
        await key.Grain.Enable(Sample.Caller);
        await key.Expire(cluster.Now + Sample.Millisecond);
        cluster.Clock.Advance(Sample.Millisecond);
        Assert.Equal(VerdictCode.Expired, await key.Validate(current));

        Assert.Null((await key.Get()).LastUsedAt);
        Assert.Null((await key.Get()).SecretLastUsedAt);
    }

    [Fact]
    public async Task A_verdict_names_the_secret_that_matched()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();

        Assert.Equal(key.IdOf(key.First), (await key.Verdict(key.First)).SecretId);
        Assert.Equal(key.IdOf(second), (await key.Verdict(second)).SecretId);
        Assert.Null((await key.Verdict(key.Mint())).SecretId);
    }
}

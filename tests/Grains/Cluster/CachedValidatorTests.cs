using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Validation from the memory of the silo in the same process.</summary>
[Collection(OnCluster.Name)]
public sealed class CachedValidatorTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_known_good_secret_takes_no_read_no_grain_and_no_allocation()
    {
        var key = await ClusterKey.Create(cluster);
        var text = key.First.Reveal();
        var validator = cluster.InSilo;
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(text)).Code);
        await Told(key);
        await cluster.Deactivate(key.GrainId);
        var reads = key.Reads.Count;

        Hit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Hit();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, reads, false), (allocated, key.Reads.Count, cluster.IsActive(key.GrainId)));

        void Hit()
        {
            var answer = validator.ValidateAsync(text);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid) throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task A_key_that_was_never_asked_for_costs_one_read_and_wakes_no_grain_to_answer()
    {
        var key = await ClusterKey.Create(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with { });
        var unknown = ClusterKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await Validate(unknown.First));

        Assert.Equal((1, false), (unknown.Reads.Count, cluster.IsActive(unknown.GrainId)));
    }

    [Fact]
    public async Task What_cannot_be_a_secret_is_refused_without_a_look() =>
        Assert.Equal(Verdict.Malformed, await cluster.InSilo.ValidateAsync("vk-lw-live_nonsense"));

    [Fact]
    public async Task A_retiring_secret_is_good_to_the_last_millisecond_before_its_deadline()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate(key.Mint(), Grace);
        var start = cluster.Now;
        Assert.Equal(VerdictCode.Retiring, await Validate(key.First));

        cluster.Clock.SetUtcNow(start + Grace - Sample.Millisecond);
        Assert.Equal(VerdictCode.Retiring, await Validate(key.First));
        cluster.Clock.Advance(Sample.Millisecond);
        Assert.Equal(VerdictCode.ExpiredSecret, await Validate(key.First));
    }

    [Fact]
    public async Task An_expiry_is_honoured_to_the_millisecond()
    {
        var key = await ClusterKey.Create(cluster);
        var expiresAt = cluster.Now + Grace;
        await key.Expire(expiresAt);
        Assert.Equal(VerdictCode.Active, await Validate(key.First));

        cluster.Clock.SetUtcNow(expiresAt - Sample.Millisecond);
        Assert.Equal(VerdictCode.Active, await Validate(key.First));
        cluster.Clock.Advance(Sample.Millisecond);
        Assert.Equal(VerdictCode.Expired, await Validate(key.First));
    }

    [Fact]
    public async Task A_verdict_of_before_does_not_outlast_a_rotation_a_disabling_or_a_revocation()
    {
        var key = await ClusterKey.Create(cluster);
        Assert.Equal(VerdictCode.Active, await Validate(key.First));

        var second = await key.Rotate();
        Assert.Equal((VerdictCode.Retiring, VerdictCode.Active), (await Validate(key.First), await Validate(second)));
        await key.Grain.Disable(Sample.Caller, null);
        Assert.Equal(VerdictCode.Disabled, await Validate(second));
        await key.Grain.Enable(Sample.Caller);
        Assert.Equal(VerdictCode.Active, await Validate(second));
        await key.Revoke();
        Assert.Equal((VerdictCode.Revoked, VerdictCode.Revoked), (await Validate(key.First), await Validate(second)));
    }

    [Fact]
    public async Task Of_another_project_a_known_secret_is_unknown()
    {
        var key = await ClusterKey.Create(cluster);
        Assert.True((await cluster.InSilo.ValidateAsync(key.First.Reveal(), Sample.Caller.Project)).IsValid);

        var other = ProjectId.New(cluster.Now);

        Assert.Equal(Verdict.NotFound, await cluster.InSilo.ValidateAsync(key.First.Reveal(), other));
    }

    [Fact]
    public async Task Uses_reach_the_key_the_first_at_once_and_then_one_a_minute()
    {
        var key = await ClusterKey.Create(cluster);
        var first = cluster.Now;
        await Validate(key.First);
        await Told(key);
        Assert.Equal(first, (await key.Get()).LastUsedAt);

        cluster.Clock.Advance(TimeSpan.FromSeconds(59));
        await Validate(key.First);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var third = cluster.Now;
        await Validate(key.First);

        await Until(async () => (await key.Get()).LastUsedAt == third);
    }

    [Fact]
    public async Task Secrets_beyond_the_bound_of_the_memory_are_read_again_and_stay_good()
    {
        var keys = new List<ClusterKey>();
        for (var i = 0; i < 1500; i++) keys.Add(await ClusterKey.Create(cluster));

        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await Validate(key.First));
        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await Validate(key.First));

        Assert.InRange(keys.Count(key => key.Reads.Count > 1), 400, keys.Count);
    }

    private async Task<VerdictCode> Validate(Secret secret) => (await cluster.InSilo.ValidateAsync(secret.Reveal())).Code;

    private static Task Told(ClusterKey key) => Until(async () => (await key.Get()).LastUsedAt is not null);

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(KeysTestCluster.Patience);
        while (!await condition()) await Task.Delay(5, patience.Token);
    }
}

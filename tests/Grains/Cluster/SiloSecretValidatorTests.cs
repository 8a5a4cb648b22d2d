using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Validation from the memory of the silo in the same process.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloSecretValidatorTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan ShortGracePeriod = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_cached_secret_validates_without_a_read_an_activation_or_an_allocation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var text = key.First.Reveal();
        var validator = cluster.SiloValidator;
        Assert.Equal(VerdictCode.Active, (await validator.ValidateAsync(text)).Code);
        await WaitForReportedUseAsync(key);
        await cluster.DeactivateAsync(key.GrainId);
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
    public async Task An_uncached_key_is_validated_by_one_read_without_activating_its_grain()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with { });
        var unknown = GrainTestKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await ValidateAsync(unknown.First));

        Assert.Equal((1, false), (unknown.Reads.Count, cluster.IsActive(unknown.GrainId)));
    }

    [Fact]
    public async Task A_malformed_secret_is_rejected() =>
        Assert.Equal(Verdict.Malformed, await cluster.SiloValidator.ValidateAsync("vk-lw-live_nonsense"));

    [Fact]
    public async Task A_retiring_secret_is_valid_until_the_last_millisecond_before_its_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), ShortGracePeriod);
        var start = cluster.Now;
        Assert.Equal(VerdictCode.Retiring, await ValidateAsync(key.First));

        cluster.Clock.SetUtcNow(start + ShortGracePeriod - TestData.Millisecond);
        Assert.Equal(VerdictCode.Retiring, await ValidateAsync(key.First));
        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.ExpiredSecret, await ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_key_expires_exactly_at_its_expiry()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var expiresAt = cluster.Now + ShortGracePeriod;
        await key.SetExpiryAsync(expiresAt);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));

        cluster.Clock.SetUtcNow(expiresAt - TestData.Millisecond);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.Expired, await ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_cached_verdict_does_not_outlive_a_rotation_a_disable_or_a_revocation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));

        var second = await key.RotateAsync();
        Assert.Equal((VerdictCode.Retiring, VerdictCode.Active), (await ValidateAsync(key.First), await ValidateAsync(second)));
        await key.Grain.Disable(TestData.Caller, null);
        Assert.Equal(VerdictCode.Disabled, await ValidateAsync(second));
        await key.Grain.Enable(TestData.Caller);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(second));
        await key.RevokeAsync();
        Assert.Equal((VerdictCode.Revoked, VerdictCode.Revoked), (await ValidateAsync(key.First), await ValidateAsync(second)));
    }

    [Fact]
    public async Task A_cached_secret_is_not_found_in_the_scope_of_another_project()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.True((await cluster.SiloValidator.ValidateAsync(key.First.Reveal(), TestData.Caller.Project)).IsValid);

        var other = ProjectId.New(cluster.Now);

        Assert.Equal(Verdict.NotFound, await cluster.SiloValidator.ValidateAsync(key.First.Reveal(), other));
    }

    [Fact]
    public async Task Usage_is_reported_immediately_and_then_at_most_once_per_minute()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var first = cluster.Now;
        await ValidateAsync(key.First);
        await WaitForReportedUseAsync(key);
        Assert.Equal(first, (await key.GetAsync()).LastUsedAt);

        cluster.Clock.Advance(TimeSpan.FromSeconds(59));
        await ValidateAsync(key.First);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var third = cluster.Now;
        await ValidateAsync(key.First);

        await WaitUntilAsync(async () => (await key.GetAsync()).LastUsedAt == third);
    }

    [Fact]
    public async Task Keys_beyond_the_cache_capacity_are_read_again_and_stay_valid()
    {
        var keys = new List<GrainTestKey>();
        for (var i = 0; i < 1500; i++) keys.Add(await GrainTestKey.CreateAsync(cluster));

        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));

        Assert.InRange(keys.Count(key => key.Reads.Count > 1), 400, keys.Count);
    }

    private async Task<VerdictCode> ValidateAsync(Secret secret) => (await cluster.SiloValidator.ValidateAsync(secret.Reveal())).Code;

    private static Task WaitForReportedUseAsync(GrainTestKey key) => WaitUntilAsync(async () => (await key.GetAsync()).LastUsedAt is not null);

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(KeysTestCluster.WaitTimeout);
        while (!await condition()) await Task.Delay(5, patience.Token);
    }
}

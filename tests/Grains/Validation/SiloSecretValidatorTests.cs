using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Validation from the cache of the silo in the same process.</summary>
[Collection(ClusterTests.Name)]
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
        await ReportsTo(key).WaitForCompletedAsync(1);
        await cluster.DeactivateAsync(key.GrainId);
        var reads = key.Reads.Count;

        AllocationAssert.None(() => validator.ValidateAsync(text));

        Assert.Equal((reads, false), (key.Reads.Count, cluster.IsActive(key.GrainId)));
    }

    [Fact]
    public async Task An_uncached_key_is_validated_by_one_read_without_activating_its_grain()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await cluster.RestartAsync(key.GrainId);
        var reads = key.Reads.Count;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));

        Assert.Equal((reads + 1, false), (key.Reads.Count, cluster.IsActive(key.GrainId)));
    }

    [Fact]
    public async Task An_unknown_key_is_not_found_by_one_read_without_activating_its_grain()
    {
        var unknown = GrainTestKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await ValidateAsync(unknown.First));

        Assert.Equal((1, false), (unknown.Reads.Count, cluster.IsActive(unknown.GrainId)));
    }

    [Fact]
    public async Task A_malformed_secret_is_rejected_without_a_read()
    {
        var key = GrainTestKey.Unknown(cluster);

        foreach (var text in new[] { null, "", "vk-lw-live_nonsense", key.First.Reveal()[..^1] + "!" })
            Assert.Equal(Verdict.Malformed, await cluster.SiloValidator.ValidateAsync(text));

        Assert.Equal(0, key.Reads.Count);
    }

    [Fact]
    public async Task A_retiring_secret_is_valid_until_the_last_millisecond_before_its_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var deadline = cluster.Now + ShortGracePeriod;
        await key.RotateAsync(key.Mint(), ShortGracePeriod);
        Assert.Equal(VerdictCode.Retiring, await ValidateAsync(key.First));

        cluster.Clock.SetUtcNow(deadline - TestData.Millisecond);
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
        Assert.Equal(VerdictCode.Retiring, await ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await ValidateAsync(second));
        await key.DisableAsync();
        Assert.Equal(VerdictCode.Disabled, await ValidateAsync(second));
        await key.EnableAsync();
        Assert.Equal(VerdictCode.Active, await ValidateAsync(second));
        await key.RevokeAsync();
        Assert.Equal(VerdictCode.Revoked, await ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Revoked, await ValidateAsync(second));
    }

    [Fact]
    public async Task A_cached_secret_is_not_found_in_the_scope_of_another_project()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var text = key.First.Reveal();

        Assert.True((await cluster.SiloValidator.ValidateAsync(text, TestData.Project)).IsValid);
        Assert.Equal(Verdict.NotFound, await cluster.SiloValidator.ValidateAsync(text, TestData.OtherProject));
    }

    [Fact]
    public async Task Usage_is_reported_immediately_and_then_at_most_once_per_minute()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var first = cluster.Now;
        await ValidateAsync(key.First);
        await ReportsTo(key).WaitForCompletedAsync(1);
        Assert.Equal(first, (await key.GetAsync()).LastUsedAt);

        cluster.Clock.Advance(TimeSpan.FromSeconds(59));
        await ValidateAsync(key.First);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await ValidateAsync(key.First);
        await ReportsTo(key).WaitForCompletedAsync(2);
        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);

        // Reports of one key are sent in order, so a report of the second use would have been counted.
        Assert.Equal(2, ReportsTo(key).Count);
    }

    [Fact]
    public async Task Keys_beyond_the_cache_capacity_are_read_again_and_stay_valid()
    {
        var keys = new List<GrainTestKey>();
        for (var i = 0; i < 1500; i++)
            keys.Add(await GrainTestKey.CreateAsync(cluster));

        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        foreach (var key in keys) Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));

        Assert.InRange(keys.Count(key => key.Reads.Count > 1), 400, keys.Count);
    }

    /// <summary>The usage reports that the grain of a key has received.</summary>
    private OperationControl ReportsTo(GrainTestKey key) =>
        cluster.Calls.To(key.GrainId, nameof(IVirtualKeyGrain.RecordUse));

    private async Task<VerdictCode> ValidateAsync(Secret secret) =>
        (await cluster.SiloValidator.ValidateAsync(secret.Reveal())).Code;
}

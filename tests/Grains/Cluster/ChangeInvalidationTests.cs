using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Ends of validity are answered when every silo has heard of them.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ChangeInvalidationTests(KeysTestCluster cluster)
{
    /// <summary>More often than it is tried meanwhile.</summary>
    private static readonly IEnumerable<InjectedFault> PersistentFailure = Enumerable.Repeat<InjectedFault>(Faults.FailBeforeAsync, 100);

    public static TheoryData<string> InvalidatingChanges => ["revoke", "disable", "cut", "rotate without grace", "expire soon"];

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_change_that_shortens_validity_is_persisted_then_invalidated_then_acknowledged(string ending)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var gate = key.Invalidations.BlockNext();

        var change = ApplyChangeAsync(key, ending);
        await gate.Arrived;
        Assert.Equal(3, key.Stored.Revision);
        Assert.False(change.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await change).Outcome);
        Assert.Equal(3, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_failed_invalidation_is_completed_by_a_retry_of_the_change(string ending)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        key.Invalidations.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => ApplyChangeAsync(key, ending));

        await ApplyChangeAsync(key, ending);

        Assert.Equal(key.Stored.Revision, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_retry_completes_a_failed_invalidation_after_a_crash()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Invalidations.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        await cluster.DeactivateAsync(key.GrainId);

        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);

        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task The_next_change_completes_the_failed_invalidation_of_a_disable()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        key.Invalidations.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Grain.Disable(TestData.Caller, null));

        await key.ExpireRetiringSecretsAsync(null);

        Assert.Equal(4, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_completes_a_failed_invalidation_even_after_the_expired_secret_is_erased()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        key.Invalidations.InjectFaults(PersistentFailure);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.ExpireRetiringSecretsAsync(null));
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);
        Assert.Single(key.Stored.Secrets.Replaced);
        await cluster.DeactivateAsync(key.GrainId);
        key.Invalidations.ClearFaults();

        await key.RotateAsync();

        Assert.Equal(5, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_failed_invalidation_is_retried_without_another_request()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Invalidations.InjectFaults(Faults.FailBeforeAsync, Faults.FailBeforeAsync);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);

        await WaitUntilInvalidatedAsync(key, 2);
        Assert.Equal(3, key.Invalidations.Count);
    }

    [Fact]
    public async Task A_read_after_a_crash_triggers_the_retry_of_a_failed_invalidation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Invalidations.InjectFaults(PersistentFailure);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        await cluster.DeactivateAsync(key.GrainId);
        key.Invalidations.ClearFaults();

        Assert.NotNull((await key.Grain.Get(TestData.Caller))!.RevokedAt);

        await WaitUntilInvalidatedAsync(key, 2);
    }

    [Fact]
    public async Task A_revocation_older_than_the_cache_lifetime_is_not_invalidated_again()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RevokeAsync();
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await cluster.DeactivateAsync(key.GrainId);

        await key.RevokeAsync();

        Assert.Equal(1, key.Invalidations.Count);
    }

    /// <summary>The validation's read is slow: it has read the state of before, and ends after the revoke.</summary>
    [Fact]
    public async Task A_read_that_started_before_a_revocation_is_not_cached_after_it_on_the_same_silo()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = new Gate();
        key.Reads.InjectFaults(async operation =>
        {
            await operation();
            await gate.BlockAsync(() => Task.CompletedTask);
        });
        var validation = cluster.SiloValidator.ValidateAsync(key.Mint().Reveal()).AsTask();
        await gate.Arrived;
        await key.RevokeAsync();
        cluster.EvictFromCache(key.GrainId);

        gate.Open();
        await validation;

        Assert.Equal(VerdictCode.Revoked, (await cluster.SiloValidator.ValidateAsync(key.First.Reveal())).Code);
    }

    [Fact]
    public async Task A_repeated_revocation_is_not_invalidated_again_by_the_same_activation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RevokeAsync();
        await key.RevokeAsync();

        Assert.Equal(1, key.Invalidations.Count);
    }

    [Fact]
    public async Task Rotating_with_the_default_grace_period_and_enabling_only_notify()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        Assert.Equal((0, 2), (key.Invalidations.Count, cluster.Fence.GetNotifiedRevision(key.GrainId)));
        await key.Grain.Disable(TestData.Caller, null);
        await key.Grain.Enable(TestData.Caller);

        Assert.Equal((1, 4), (key.Invalidations.Count, cluster.Fence.GetNotifiedRevision(key.GrainId)));
    }

    [Fact]
    public async Task A_replayed_rotation_completes_the_failed_invalidation_of_the_first_attempt()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var request = TestData.CreateIdempotentRequest("retry");
        var secret = key.Mint();
        key.Invalidations.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(secret, TimeSpan.Zero, request));

        Assert.Equal(ChangeOutcome.Replayed, (await key.RotateAsync(secret, TimeSpan.Zero, request)).Outcome);

        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    /// <summary>As when another silo, which this one cannot reach, has taken the key over.</summary>
    [Fact]
    public async Task A_stale_activation_fails_instead_of_reporting_that_nothing_changed()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.Grain.Disable(TestData.Caller, null);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            DisabledAt = null,
            Revision = state.Revision + 1,
        });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Grain.Disable(TestData.Caller, null));

        Assert.Equal(4, (await key.Grain.Disable(TestData.Caller, null)).Key!.Revision);
        Assert.Equal(VerdictCode.Disabled, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_secret_written_by_another_silo_is_valid_immediately()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        var other = await GrainTestKey.CreateAsync(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            Secrets = state.Secrets with { CurrentSecret = other.Stored.Secrets.CurrentSecret },
            Revision = state.Revision + 1,
        });
        var theirs = await key.Grain.Validate(other.First.ComputeDigest(), null);

        Assert.Equal(VerdictCode.Active, theirs.Code);
    }

    [Fact]
    public async Task A_repeated_rotation_changes_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var rotation = key.CreateRotateCommand(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.RotateAsync();

        Assert.Equal((ChangeOutcome.Done, 3), await GetOutcomeAndRevisionAsync(key.Grain.Rotate(rotation)));
        Assert.Equal(3, key.Stored.Revision);
    }

    /// <summary>Two rotations later nothing in the set of secrets says any more that the first one was made.</summary>
    [Fact]
    public async Task A_repeated_rotation_does_not_restore_a_secret_that_expired_in_between()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var rotation = key.CreateRotateCommand(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.RotateAsync(key.Mint(), TimeSpan.Zero);
        var current = await key.RotateAsync();
        Assert.DoesNotContain(key.Stored.Secrets.All(), secret => secret.Id == rotation.Secret.Id.ToString());

        Assert.Equal((ChangeOutcome.Done, 4), await GetOutcomeAndRevisionAsync(key.Grain.Rotate(rotation)));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(current));
    }

    [Fact]
    public async Task The_list_of_recently_erased_secrets_is_bounded_in_count_and_age()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        for (var i = 0; i < RecentlyErasedSecret.MaxCount + 5; i++) await key.RotateAsync(key.Mint(), TimeSpan.Zero);
        Assert.Equal(RecentlyErasedSecret.MaxCount, key.Stored.Secrets.RecentlyErased!.Count);

        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await key.RotateAsync();

        Assert.Null(key.Stored.Secrets.RecentlyErased);
    }

    private static async Task<(ChangeOutcome Outcome, long Revision)> GetOutcomeAndRevisionAsync(Task<VirtualKeyResult> change)
    {
        var result = await change;
        return (result.Outcome, result.Key!.Revision);
    }

    private Task WaitUntilInvalidatedAsync(GrainTestKey key, long revision) => KeysTestCluster.WaitUntilAsync(() =>
    {
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return cluster.Fence.GetInvalidatedRevision(key.GrainId) == revision;
    });

    private Task<VirtualKeyResult> ApplyChangeAsync(GrainTestKey key, string ending) => ending switch
    {
        "revoke" => key.RevokeAsync(),
        "disable" => key.Grain.Disable(TestData.Caller, null),
        "cut" => key.ExpireRetiringSecretsAsync(null),
        "rotate without grace" => key.RotateAsync(key.Mint(), TimeSpan.Zero),
        _ => key.SetExpiryAsync(cluster.Now.AddMinutes(1)),
    };
}

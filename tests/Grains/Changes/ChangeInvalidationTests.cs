using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>A change that shortens validity is acknowledged only after every cache has been invalidated.</summary>
[Collection(ClusterTests.Name)]
public sealed class ChangeInvalidationTests(KeysTestCluster cluster)
{
    /// <summary>More failures than there are attempts in a test.</summary>
    private const int PersistentFailure = 100;

    public static TheoryData<string> InvalidatingChanges =>
        ["revoke", "disable", "expire retiring secrets", "rotate without grace period", "set a near expiry"];

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_change_that_shortens_validity_is_persisted_then_invalidated_then_acknowledged(string change)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var gate = InvalidationsOf(key).BlockNext();

        var result = ApplyChangeAsync(key, change);
        await gate.Arrived;
        Assert.Equal(3, key.Stored.Revision);
        Assert.False(result.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await result).Outcome);
        Assert.Equal(3, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_failed_invalidation_is_completed_by_a_retry_of_the_change(string change)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => ApplyChangeAsync(key, change));

        await ApplyChangeAsync(key, change);

        Assert.Equal(key.Stored.Revision, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_retry_completes_a_failed_invalidation_after_a_crash()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        InvalidationsOf(key).FailNext();
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
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.DisableAsync());

        await key.ExpireRetiringSecretsAsync(null);

        Assert.Equal(4, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_completes_a_failed_invalidation_even_after_the_expired_secret_is_erased()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        InvalidationsOf(key).FailNext(PersistentFailure);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.ExpireRetiringSecretsAsync(null));
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);
        Assert.Single(key.Stored.Secrets.Replaced);
        await cluster.DeactivateAsync(key.GrainId);
        InvalidationsOf(key).ClearFaults();

        await key.RotateAsync();

        Assert.Equal(5, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_failed_invalidation_is_retried_with_backoff_without_another_request()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        InvalidationsOf(key).FailNext(count: 2);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        Assert.Equal(1, InvalidationsOf(key).Count);

        await AssertNextAttemptAfterAsync(key, TimeSpan.FromSeconds(1));
        await AssertNextAttemptAfterAsync(key, TimeSpan.FromSeconds(2));

        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(3, InvalidationsOf(key).Count);
    }

    [Fact]
    public async Task A_read_after_a_crash_triggers_the_retry_of_a_failed_invalidation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        InvalidationsOf(key).FailNext(PersistentFailure);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        await cluster.DeactivateAsync(key.GrainId);
        InvalidationsOf(key).ClearFaults();

        Assert.NotNull((await key.GetAsync()).RevokedAt);

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await InvalidationsOf(key).WaitForCompletedAsync(1);
        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Fact]
    public async Task A_revocation_older_than_the_cache_lifetime_is_not_invalidated_again()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RevokeAsync();
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await cluster.DeactivateAsync(key.GrainId);

        await key.RevokeAsync();

        Assert.Equal(1, InvalidationsOf(key).Count);
    }

    /// <summary>The read of a validation gets the state before the revocation, and ends after the revocation.</summary>
    [Fact]
    public async Task A_read_that_started_before_a_revocation_is_not_cached_after_it_on_the_same_silo()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var read = key.Reads.BlockNextResponse();
        var validation = key.ValidateAsync(key.Mint());
        await read.Arrived;
        await key.RevokeAsync();
        cluster.EvictFromCache(key.GrainId);

        read.Open();
        await validation;

        Assert.Equal(VerdictCode.Revoked, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_repeated_revocation_is_not_invalidated_again_by_the_same_activation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RevokeAsync();
        await key.RevokeAsync();

        Assert.Equal(1, InvalidationsOf(key).Count);
    }

    [Fact]
    public async Task Rotating_with_the_default_grace_period_and_enabling_only_notify()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        Assert.Equal((0, 2), (InvalidationsOf(key).Count, cluster.Fence.GetNotifiedRevision(key.GrainId)));
        await key.DisableAsync();
        await key.EnableAsync();

        Assert.Equal((1, 4), (InvalidationsOf(key).Count, cluster.Fence.GetNotifiedRevision(key.GrainId)));
    }

    [Fact]
    public async Task A_replayed_rotation_completes_the_failed_invalidation_of_the_first_attempt()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var secret = key.Mint();
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => key.RotateAsync(secret, TimeSpan.Zero, TestData.OriginalRequest));

        var retried = await key.RotateAsync(secret, TimeSpan.Zero, TestData.OriginalRequest);

        Assert.Equal(ChangeOutcome.Replayed, retried.Outcome);
        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    /// <summary>Another silo, which this one cannot reach, has activated the same grain.</summary>
    [Fact]
    public async Task A_stale_activation_fails_instead_of_reporting_that_nothing_changed()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.DisableAsync();
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            DisabledAt = null,
            Revision = state.Revision + 1,
        });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.DisableAsync());

        Assert.Equal(4, (await key.DisableAsync()).Key!.Revision);
        Assert.Equal(VerdictCode.Disabled, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_secret_written_by_another_silo_is_valid_immediately()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        var secret = key.Mint();
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            Secrets = state.Secrets with { CurrentSecret = TestData.NewStoredSecret(secret, cluster.Now) },
            Revision = state.Revision + 1,
        });

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
    }

    [Fact]
    public async Task A_repeated_rotation_changes_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var rotation = key.NewRotateCommand(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.RotateAsync();

        var repeated = await key.Grain.Rotate(rotation);

        Assert.Equal((ChangeOutcome.Done, 3), (repeated.Outcome, repeated.Key!.Revision));
        Assert.Equal(3, key.Stored.Revision);
    }

    /// <summary>After two more rotations the set of secrets no longer contains the secret of the first one.</summary>
    [Fact]
    public async Task A_repeated_rotation_does_not_restore_a_secret_that_expired_in_between()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var rotation = key.NewRotateCommand(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.RotateAsync(key.Mint(), TimeSpan.Zero);
        var current = await key.RotateAsync();
        Assert.DoesNotContain(key.Stored.Secrets.All(), secret => secret.Id == rotation.Secret.Id.ToString());

        var repeated = await key.Grain.Rotate(rotation);

        Assert.Equal((ChangeOutcome.Done, 4), (repeated.Outcome, repeated.Key!.Revision));
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

    private OperationControl InvalidationsOf(GrainTestKey key) => cluster.Fence.Invalidations(key.GrainId);

    /// <summary>Asserts that the next attempt happens exactly when the delay has passed.</summary>
    private async Task AssertNextAttemptAfterAsync(GrainTestKey key, TimeSpan delay)
    {
        var count = InvalidationsOf(key).Count;
        cluster.Clock.Advance(delay - TestData.Millisecond);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(count, InvalidationsOf(key).Count);

        cluster.Clock.Advance(TestData.Millisecond);
        await InvalidationsOf(key).WaitForCountAsync(count + 1);
        await key.WaitForPendingTurnsAsync();
    }

    private Task<VirtualKeyResult> ApplyChangeAsync(GrainTestKey key, string change) => change switch
    {
        "revoke" => key.RevokeAsync(),
        "disable" => key.DisableAsync(),
        "expire retiring secrets" => key.ExpireRetiringSecretsAsync(null),
        "rotate without grace period" => key.RotateAsync(key.Mint(), TimeSpan.Zero),
        "set a near expiry" => key.SetExpiryAsync(cluster.Now.AddMinutes(1)),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };
}

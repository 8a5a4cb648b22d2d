using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>
/// A change that takes validity away is acknowledged only after every cache is invalidated. Nothing is remembered when
/// that fails: the retry of the change waits again.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class ChangeInvalidationTests(KeysTestCluster cluster)
{
    public static TheoryData<string> InvalidatingChanges =>
    [
        "revoke", "disable", "expire retiring secrets", "rotate without grace period", "set a near deadline",
        "set a near expiry",
    ];

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_change_that_requires_invalidation_is_persisted_then_invalidated_then_acknowledged(string change)
    {
        var key = await CreateKeyWithRetiringSecretAsync();
        var gate = InvalidationsOf(key).BlockNext();

        var result = PrepareChange(key, change)();
        await gate.Arrived;
        Assert.Equal(3, key.Stored.Revision);
        Assert.False(result.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await result).Outcome);
        Assert.Equal(3, cluster.Fence.GetInvalidatedRevision(key.GrainId));
    }

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_change_whose_invalidation_fails_is_not_acknowledged_and_its_retry_waits_again(string change)
    {
        var key = await CreateKeyWithRetiringSecretAsync();
        var apply = PrepareChange(key, change);
        InvalidationsOf(key).FailNext(count: 2);
        await Assert.ThrowsAsync<StorageUnavailableException>(apply);
        await Assert.ThrowsAsync<StorageUnavailableException>(apply);

        Assert.Equal(ChangeOutcome.Done, (await apply()).Outcome);

        Assert.Equal((3, 3), (key.Stored.Revision, cluster.Fence.GetInvalidatedRevision(key.GrainId)));
        Assert.Equal(3, InvalidationsOf(key).Count);
    }

    [Theory]
    [MemberData(nameof(InvalidatingChanges))]
    public async Task A_retry_waits_again_also_after_a_crash(string change)
    {
        var key = await CreateKeyWithRetiringSecretAsync();
        var apply = PrepareChange(key, change);
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(apply);
        await cluster.RestartAsync(key.GrainId);

        Assert.Equal(ChangeOutcome.Done, (await apply()).Outcome);

        Assert.Equal((3, 3), (key.Stored.Revision, cluster.Fence.GetInvalidatedRevision(key.GrainId)));
    }

    /// <summary>
    /// The first narrowing was stored, and a silo that is partitioned from this one has not heard of it. Compared with
    /// the stored state the second one only adds, and compared with that silo's cache it removes.
    /// </summary>
    [Theory]
    [InlineData("a b", "a", "a c", false), InlineData("a b", "a", "", false)]
    [InlineData("10.0.0.0/8 ::1/128", "10.0.0.0/8", "10.0.0.0/8 10.1.0.0/16", true)]
    [InlineData("10.0.0.0/8 ::1/128", "10.0.0.0/8", "10.0.0.0/8 192.168.0.0/16", true)]
    public async Task A_change_after_a_narrowing_that_was_not_acknowledged_waits_for_every_cache(
        string before, string failed, string next, bool ofAddresses)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await SetAsync(before);
        var count = InvalidationsOf(key).Count;
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SetAsync(failed));

        Assert.Equal(ChangeOutcome.Done, (await SetAsync(next)).Outcome);

        Assert.Equal(
            (count + 2, key.Stored.Revision),
            (InvalidationsOf(key).Count, cluster.Fence.GetInvalidatedRevision(key.GrainId)));

        Task<VirtualKeyResult> SetAsync(string texts)
        {
            var list = texts.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return key.Grain.Update(new UpdateVirtualKeyCommand
            {
                Caller = TestData.Caller,
                Permissions = ofAddresses ? null : list,
                AllowedIps = ofAddresses ? AllowedIpRange.ParseAll(list) : null,
            });
        }
    }

    /// <inheritdoc cref="A_change_after_a_narrowing_that_was_not_acknowledged_waits_for_every_cache"/>
    [Theory]
    [InlineData("expiry"), InlineData("deadline")]
    public async Task A_later_end_after_an_earlier_one_that_was_not_acknowledged_waits_for_every_cache(string end)
    {
        var key = await CreateKeyWithRetiringSecretAsync();
        var retiring = key.GetSecretId(key.First);
        var start = cluster.Now;
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SetAsync(minutes: 1));

        Assert.Equal(ChangeOutcome.Done, (await SetAsync(minutes: 2)).Outcome);

        Assert.Equal(
            (2, key.Stored.Revision),
            (InvalidationsOf(key).Count, cluster.Fence.GetInvalidatedRevision(key.GrainId)));

        Task<VirtualKeyResult> SetAsync(int minutes) => end == "expiry"
            ? key.SetExpiryAsync(start.AddMinutes(minutes))
            : key.ChangeDeadlineAsync(retiring, start.AddMinutes(minutes));
    }

    /// <summary>The retry may reach a silo whose clock is far ahead of that of the first one.</summary>
    [Fact]
    public async Task A_retried_revocation_waits_again_after_a_crash_whatever_the_clock_shows()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        InvalidationsOf(key).FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);

        Assert.Equal((2, 2), (cluster.Fence.GetInvalidatedRevision(key.GrainId), InvalidationsOf(key).Count));
    }

    [Fact]
    public async Task A_repeated_revocation_waits_again_although_it_changes_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RevokeAsync();
        var gate = InvalidationsOf(key).BlockNext();

        var repeated = key.RevokeAsync();
        await gate.Arrived;
        Assert.False(repeated.IsCompleted);
        gate.Open();

        Assert.Equal((ChangeOutcome.Done, 2), ((await repeated).Outcome, key.Stored.Revision));
    }

    /// <summary>A silo whose clock is behind still accepts the secret, or the key.</summary>
    [Fact]
    public async Task Ending_what_has_expired_by_the_clock_of_this_silo_waits_for_the_others()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), TimeSpan.FromMinutes(4));
        await key.SetExpiryAsync(cluster.Now.AddMinutes(5));
        Assert.Equal(0, InvalidationsOf(key).Count);
        cluster.Clock.Advance(TimeSpan.FromMinutes(5));

        await key.ExpireRetiringSecretsAsync(null);
        Assert.Equal(1, InvalidationsOf(key).Count);
        await key.DisableAsync();
        Assert.Equal(2, InvalidationsOf(key).Count);
    }

    [Fact]
    public async Task A_secret_that_is_expired_already_is_reported_as_not_found_only_after_every_cache_is_invalidated()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var secret = key.GetSecretId(key.First);
        InvalidationsOf(key).FailNext(count: 2);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.ExpireRetiringSecretsAsync(secret));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.ExpireRetiringSecretsAsync(secret));

        Assert.Equal(
            ChangeOutcome.RetiringSecretNotFound, (await key.ExpireRetiringSecretsAsync(secret)).Outcome);

        Assert.Equal(3, InvalidationsOf(key).Count);
    }

    [Fact]
    public async Task Creating_rotating_with_the_default_grace_period_renaming_and_enabling_wait_for_no_cache()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await key.RenameAsync("another name");
        Assert.Equal(0, InvalidationsOf(key).Count);

        await key.DisableAsync();
        await key.EnableAsync();
        Assert.Equal(1, InvalidationsOf(key).Count);
    }

    [Fact]
    public async Task A_replayed_rotation_waits_for_the_invalidation_that_failed_in_the_first_attempt()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var secret = key.Mint();
        InvalidationsOf(key).FailNext(count: 2);
        await Assert.ThrowsAsync<StorageUnavailableException>(RotateAsync);
        await Assert.ThrowsAsync<StorageUnavailableException>(RotateAsync);

        Assert.Equal(ChangeOutcome.Replayed, (await RotateAsync()).Outcome);

        Assert.Equal((3, 2), (InvalidationsOf(key).Count, cluster.Fence.GetInvalidatedRevision(key.GrainId)));

        Task<VirtualKeyResult> RotateAsync() => key.RotateAsync(secret, TimeSpan.Zero, TestData.OriginalRequest);
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

    private OperationControl InvalidationsOf(GrainTestKey key) => cluster.Fence.Invalidations(key.GrainId);

    private async Task<GrainTestKey> CreateKeyWithRetiringSecretAsync()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        return key;
    }

    /// <summary>Returns a change that can be repeated, as by a caller that did not receive its response.</summary>
    private Func<Task<VirtualKeyResult>> PrepareChange(GrainTestKey key, string change)
    {
        var soon = cluster.Now.AddMinutes(1);
        var rotation = key.NewRotateCommand(key.Mint()) with { GracePeriod = TimeSpan.Zero };
        var retiring = key.GetSecretId(key.First);
        return change switch
        {
            "revoke" => key.RevokeAsync,
            "disable" => () => key.DisableAsync(),
            "expire retiring secrets" => () => key.ExpireRetiringSecretsAsync(null),
            "rotate without grace period" => () => key.Grain.Rotate(rotation),
            "set a near deadline" => () => key.ChangeDeadlineAsync(retiring, soon),
            "set a near expiry" => () => key.SetExpiryAsync(soon),
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };
    }
}

using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Ends of validity are answered when every silo has heard of them.</summary>
[Collection(OnCluster.Name)]
public sealed class FenceTests(KeysTestCluster cluster)
{
    /// <summary>More often than it is tried meanwhile.</summary>
    private static readonly IEnumerable<Interference> Untold = Enumerable.Repeat<Interference>(Interferences.FailBefore, 100);

    public static TheoryData<string> Endings => ["revoke", "disable", "cut", "rotate without grace", "expire soon"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task An_end_of_validity_is_durable_first_told_then_and_answered_last(string ending)
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var gate = key.Fence.HoldNext();

        var change = End(key, ending);
        await gate.Arrived;
        Assert.Equal(3, key.Stored.Revision);
        Assert.False(change.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await change).Outcome);
        Assert.Equal(3, cluster.Fence.SettledRevision(key.GrainId));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task One_that_could_not_be_told_is_told_when_it_is_sent_again(string ending)
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        key.Fence.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => End(key, ending));

        await End(key, ending);

        Assert.Equal(key.Stored.Revision, cluster.Fence.SettledRevision(key.GrainId));
    }

    [Fact]
    public async Task After_a_crash_before_it_was_told_the_retry_tells_it()
    {
        var key = await ClusterKey.Create(cluster);
        key.Fence.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);
        await cluster.Deactivate(key.GrainId);

        Assert.Equal(ChangeOutcome.Done, (await key.Revoke()).Outcome);

        Assert.Equal(2, cluster.Fence.SettledRevision(key.GrainId));
    }

    [Fact]
    public async Task A_cut_after_a_disabling_that_was_not_told_is_told()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        key.Fence.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Grain.Disable(Sample.Caller, null));

        await key.Cut(null);

        Assert.Equal(4, cluster.Fence.SettledRevision(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_after_a_cut_that_was_not_told_tells_it_although_the_secret_is_dropped()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        key.Fence.Interfere(Untold);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Cut(null));
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Rotate);
        Assert.Single(key.Stored.Secrets.Replaced);
        await cluster.Deactivate(key.GrainId);
        key.Fence.Calm();

        await key.Rotate();

        Assert.Equal(5, cluster.Fence.SettledRevision(key.GrainId));
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_although_nobody_asks_for_it()
    {
        var key = await ClusterKey.Create(cluster);
        key.Fence.Interfere(Interferences.FailBefore, Interferences.FailBefore);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);

        await UntilSettled(key, 2);
        Assert.Equal(3, key.Fence.Count);
    }

    [Fact]
    public async Task After_a_crash_a_reader_of_what_was_not_told_has_it_told()
    {
        var key = await ClusterKey.Create(cluster);
        key.Fence.Interfere(Untold);
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);
        await cluster.Deactivate(key.GrainId);
        key.Fence.Calm();

        Assert.NotNull((await key.Grain.Get(Sample.Caller))!.RevokedAt);

        await UntilSettled(key, 2);
    }

    [Fact]
    public async Task What_ended_so_long_ago_that_nobody_holds_it_any_more_is_not_told_again()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Revoke();
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await cluster.Deactivate(key.GrainId);

        await key.Revoke();

        Assert.Equal(1, key.Fence.Count);
    }

    /// <summary>The validation's read is slow: it has read the state of before, and ends after the revoke.</summary>
    [Fact]
    public async Task A_slow_read_of_before_a_revoke_is_not_held_after_it_on_the_silo_that_revoked()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = new Gate();
        key.Reads.Interfere(async operation =>
        {
            await operation();
            await gate.Hold(() => Task.CompletedTask);
        });
        var validation = cluster.InSilo.ValidateAsync(key.Mint().Reveal()).AsTask();
        await gate.Arrived;
        await key.Revoke();
        cluster.Forget(key.GrainId);

        gate.Open();
        await validation;

        Assert.Equal(VerdictCode.Revoked, (await cluster.InSilo.ValidateAsync(key.First.Reveal())).Code);
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_by_the_same_activation()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Revoke();
        await key.Revoke();

        Assert.Equal(1, key.Fence.Count);
    }

    [Fact]
    public async Task Rotating_as_clients_do_and_enabling_wait_for_nobody()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        Assert.Equal((0, 2), (key.Fence.Count, cluster.Fence.ToldRevision(key.GrainId)));
        await key.Grain.Disable(Sample.Caller, null);
        await key.Grain.Enable(Sample.Caller);

        Assert.Equal((1, 4), (key.Fence.Count, cluster.Fence.ToldRevision(key.GrainId)));
    }

    [Fact]
    public async Task A_replayed_rotation_tells_what_the_first_one_could_not()
    {
        var key = await ClusterKey.Create(cluster);
        var request = Sample.Request("retry");
        var secret = key.Mint();
        key.Fence.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(secret, TimeSpan.Zero, request));

        Assert.Equal(ChangeOutcome.Replayed, (await key.Rotate(secret, TimeSpan.Zero, request)).Outcome);

        Assert.Equal(2, cluster.Fence.SettledRevision(key.GrainId));
    }

    /// <summary>As when another silo, which this one cannot reach, has taken the key over.</summary>
    [Fact]
    public async Task An_overtaken_activation_does_not_say_that_nothing_had_to_change()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Grain.Disable(Sample.Caller, null);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            DisabledAt = null,
            Revision = state.Revision + 1,
        });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Grain.Disable(Sample.Caller, null));

        Assert.Equal(4, (await key.Grain.Disable(Sample.Caller, null)).Key!.Revision);
        Assert.Equal(VerdictCode.Disabled, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_secret_that_another_silo_has_minted_is_good_here_at_once()
    {
        var key = await ClusterKey.Create(cluster);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        var other = await ClusterKey.Create(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, state => state with
        {
            Secrets = state.Secrets with { Current = other.Stored.Secrets.Current },
            Revision = state.Revision + 1,
        });
        var theirs = await key.Grain.Validate(other.First.Digest(), null);

        Assert.Equal(VerdictCode.Active, theirs.Code);
    }

    [Fact]
    public async Task A_repeated_rotation_or_creation_changes_nothing_more()
    {
        var key = await ClusterKey.Create(cluster);
        var rotation = key.Rotation(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.Rotate();

        Assert.Equal((ChangeOutcome.Done, 3), await Ended(key.Grain.Rotate(rotation)));
        Assert.Equal(3, key.Stored.Revision);
    }

    /// <summary>Two rotations later nothing in the set of secrets says any more that the first one was made.</summary>
    [Fact]
    public async Task A_repeated_rotation_does_not_bring_back_what_was_ended_meanwhile()
    {
        var key = await ClusterKey.Create(cluster);
        var rotation = key.Rotation(key.Mint());
        await key.Grain.Rotate(rotation);
        await key.Rotate(key.Mint(), TimeSpan.Zero);
        var current = await key.Rotate();
        Assert.DoesNotContain(key.Stored.Secrets.All(), secret => secret.Id == rotation.Secret.Id.ToString());

        Assert.Equal((ChangeOutcome.Done, 4), await Ended(key.Grain.Rotate(rotation)));
        Assert.Equal(VerdictCode.Active, await key.Validate(current));
    }

    [Fact]
    public async Task What_is_remembered_of_ended_secrets_is_little_and_short()
    {
        var key = await ClusterKey.Create(cluster);
        for (var i = 0; i < DroppedSecret.Most + 5; i++) await key.Rotate(key.Mint(), TimeSpan.Zero);
        Assert.Equal(DroppedSecret.Most, key.Stored.Secrets.Dropped!.Count);

        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        await key.Rotate();

        Assert.Null(key.Stored.Secrets.Dropped);
    }

    private static async Task<(ChangeOutcome Outcome, long Revision)> Ended(Task<VirtualKeyResult> change)
    {
        var result = await change;
        return (result.Outcome, result.Key!.Revision);
    }

    private Task UntilSettled(ClusterKey key, long revision) => KeysTestCluster.Until(() =>
    {
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return cluster.Fence.SettledRevision(key.GrainId) == revision;
    });

    private Task<VirtualKeyResult> End(ClusterKey key, string ending) => ending switch
    {
        "revoke" => key.Revoke(),
        "disable" => key.Grain.Disable(Sample.Caller, null),
        "cut" => key.Cut(null),
        "rotate without grace" => key.Rotate(key.Mint(), TimeSpan.Zero),
        _ => key.Expire(cluster.Now.AddMinutes(1)),
    };
}

using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// <see cref="IVirtualKeyGrain.Validate(Sha256Digest, ProjectId?)"/>, as in-cluster services use it that call grains
/// directly. Most other tests validate through the silo's validator.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class GrainValidationTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task The_verdict_follows_every_change_of_the_key()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.Mint()));

        var second = await key.RotateAsync();
        Assert.Equal(VerdictCode.Retiring, await key.ValidateByGrainAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(second));

        await key.ExpireRetiringSecretsAsync(null);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateByGrainAsync(key.First));

        await key.DisableAsync();
        Assert.Equal(VerdictCode.Disabled, await key.ValidateByGrainAsync(second));

        await key.EnableAsync();
        await key.SetExpiryAsync(cluster.Now + TestData.Millisecond);
        cluster.Clock.Advance(TestData.Millisecond);
        Assert.Equal(VerdictCode.Expired, await key.ValidateByGrainAsync(second));

        await key.RevokeAsync();
        Assert.Equal(VerdictCode.Revoked, await key.ValidateByGrainAsync(second));
        Assert.Equal(VerdictCode.Revoked, await key.ValidateByGrainAsync(key.First));
    }

    [Fact]
    public async Task A_verdict_contains_the_key_the_secret_and_its_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();

        var verdict = await ValidateAsync(key.First, TestData.Project);

        Assert.Equal((VerdictCode.Retiring, true), (verdict.Code, verdict.IsValid));
        Assert.Equal(
            (key.Id, key.GetSecretId(key.First), cluster.Now.AddHours(24)),
            (verdict.Key!.Id, verdict.SecretId!.Value, verdict.ValidUntil!.Value));
    }

    [Fact]
    public async Task The_grain_does_not_find_a_secret_in_the_scope_of_another_project()
    {
        var key = await GrainTestKey.CreateAsync(cluster);

        Assert.Equal(Verdict.NotFound, await ValidateAsync(key.First, TestData.OtherProject));
        Assert.True((await ValidateAsync(key.First, TestData.Project)).IsValid);
        Assert.True((await ValidateAsync(key.First, project: null)).IsValid);
    }

    [Fact]
    public async Task The_use_of_a_valid_secret_is_recorded_before_the_call_returns()
    {
        var key = await GrainTestKey.CreateAsync(cluster);

        await ValidateAsync(key.First, TestData.OtherProject);
        Assert.Null((await key.GetAsync()).LastUsedAt);

        await ValidateAsync(key.First, TestData.Project);
        Assert.Equal(cluster.Now, (await key.GetAsync()).SecretLastUsedAt);
    }

    [Fact]
    public async Task Validating_a_secret_of_an_unknown_key_leaves_no_state_and_no_activation()
    {
        var key = GrainTestKey.Unknown(cluster);

        Assert.Equal(Verdict.NotFound, await ValidateAsync(key.First, project: null));

        await cluster.WaitForDeactivationAsync(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
    }

    [Fact]
    public async Task A_refused_secret_does_not_deactivate_the_grain_of_an_existing_key()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var reads = key.Reads.Count;

        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.Mint()));
        await key.WaitForPendingTurnsAsync();

        // One read for the verdict. A new activation would have read the state as well.
        Assert.True(cluster.IsActive(key.GrainId));
        Assert.Equal(reads + 1, key.Reads.Count);
    }

    [Fact]
    public async Task The_grain_validates_a_key_that_is_created_after_it_was_not_found()
    {
        var key = GrainTestKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.CreateAsync()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(key.First));
    }

    [Fact]
    public async Task The_grain_reports_an_uncached_secret_as_Unavailable_when_the_read_fails()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Reads.FailNext();

        Assert.Equal(Verdict.Unavailable, await ValidateAsync(key.Mint(), project: null));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.Mint()));
    }

    [Fact]
    public async Task A_validation_does_not_wait_for_a_change_in_progress()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = key.Writes.BlockNext();
        var revocation = key.RevokeAsync();
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.Mint()));
        Assert.False(revocation.IsCompleted);

        gate.Open();
        await revocation;
        Assert.Equal(VerdictCode.Revoked, await key.ValidateByGrainAsync(key.First));
    }

    [Fact]
    public async Task A_validation_during_a_creation_does_not_affect_the_creation()
    {
        var key = GrainTestKey.Unknown(cluster);
        var gate = key.Writes.BlockNext();
        var creation = key.CreateAsync();
        await gate.Arrived;

        Assert.Equal(VerdictCode.NotFound, await key.ValidateByGrainAsync(key.First));

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await creation).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateByGrainAsync(key.First));
    }

    private ValueTask<Verdict> ValidateAsync(Secret secret, ProjectId? project) =>
        cluster.GrainValidator.ValidateAsync(secret.Reveal(), project);
}

using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

[Collection(ClusterTests.Name)]
public sealed class VirtualKeyGrainTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_created_key_has_the_requested_properties()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var shown = await key.GetAsync();

        Assert.Equal(key.Id, shown.Id);
        Assert.Equal(TestData.Project, shown.ProjectId);
        Assert.Equal(("a name", "a description", "user_1"), (shown.Name, shown.Description, shown.PrincipalUserId));
        Assert.Equal(["credential_1", "credential_2"], shown.ProviderCredentialIds);
        Assert.Equal((1, key.First.DisplayPrefix), (shown.Revision, shown.DisplayPrefix));
        Assert.Equal((cluster.Now, cluster.Now), (shown.CreatedAt, shown.UpdatedAt));
        Assert.Null(shown.LastUsedAt);
        Assert.Null(shown.RevokedAt);
        Assert.Empty(shown.RetiringSecrets);
    }

    [Fact]
    public async Task A_rotated_key_accepts_both_secrets_and_lists_the_retiring_one()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var deadline = cluster.Now.AddHours(24);

        var old = await key.GetVerdictAsync(key.First);
        Assert.Equal((VerdictCode.Retiring, deadline), (old.Code, old.ValidUntil));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        await key.UseAsync(key.First);
        var shown = await key.GetAsync();
        var retiring = Assert.Single(shown.RetiringSecrets);
        Assert.Equal((old.SecretId, key.First.DisplayPrefix), (retiring.Id, retiring.DisplayPrefix));
        Assert.Equal((deadline, cluster.Now), (retiring.ValidUntil, retiring.LastUsedAt));
        Assert.Equal((2, second.DisplayPrefix), (shown.Revision, shown.DisplayPrefix));
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

    [Fact]
    public async Task A_revoked_key_refuses_every_secret_rotation_and_update()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();

        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);
        var refused = await key.GetVerdictAsync(key.First);
        Assert.Equal((VerdictCode.Revoked, null), (refused.Code, refused.ValidUntil));
        Assert.Equal(VerdictCode.Revoked, await key.ValidateAsync(second));
        Assert.Equal(ChangeOutcome.KeyRevoked, (await key.RotateAsync(key.Mint())).Outcome);
        Assert.Equal(ChangeOutcome.KeyRevoked, (await key.RenameAsync("other")).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);
        Assert.Equal((3, cluster.Now), ((await key.GetAsync()).Revision, (await key.GetAsync()).RevokedAt));
    }

    [Fact]
    public async Task The_silo_does_not_find_a_secret_in_the_scope_of_another_project()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var presented = key.First.Reveal();

        Assert.Equal(Verdict.NotFound, await cluster.Validator.ValidateAsync(presented, TestData.OtherProject));
        Assert.True((await cluster.Validator.ValidateAsync(presented, TestData.Project)).IsValid);
    }

    [Fact]
    public async Task A_key_is_not_found_by_callers_of_another_project()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var rotation = key.NewRotateCommand(key.Mint()) with { Caller = TestData.OtherCaller };

        Assert.Null(await key.Grain.Get(TestData.OtherCaller));
        Assert.Equal(ChangeOutcome.NotFound, (await key.Grain.Revoke(TestData.OtherCaller)).Outcome);
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Grain.Rotate(rotation));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task Creating_a_key_twice_is_refused_and_the_first_secret_stays_valid()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var other = key.Mint();

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.CreateAsync(other, request: null));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(other));
    }

    [Fact]
    public async Task An_update_without_changes_is_not_persisted()
    {
        var key = await GrainTestKey.CreateAsync(cluster);

        Assert.Equal(ChangeOutcome.Done, (await key.RenameAsync("a name")).Outcome);
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task Storage_contains_neither_a_secret_nor_its_digest()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();

        Assert.DoesNotContain(second.Reveal()[17..43], key.Row.Json, StringComparison.Ordinal);
        Assert.NotEqual(second.ComputeDigest().ToArray(), key.Stored.Secrets.CurrentSecret.Hash);
        Assert.Equal(TestData.Pepper.Hash(second.ComputeDigest()), key.Stored.Secrets.CurrentSecret.Hash);
    }
}

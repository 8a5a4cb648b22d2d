using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class KeyLifeTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_created_key_is_shown_as_it_was_asked_for()
    {
        var key = await ClusterKey.Create(cluster);
        var shown = await key.Get();

        Assert.Equal(key.Id, shown.Id);
        Assert.Equal(Sample.Project, shown.ProjectId);
        Assert.Equal(("a name", "a description", "user_1"), (shown.Name, shown.Description, shown.PrincipalUserId));
        Assert.Equal(["credential_1", "credential_2"], shown.ProviderCredentialIds);
        Assert.Equal((1, key.First.DisplayPrefix), (shown.Revision, shown.DisplayPrefix));
        Assert.Equal((cluster.Now, cluster.Now), (shown.CreatedAt, shown.UpdatedAt));
        Assert.Null(shown.LastUsedAt);
        Assert.Null(shown.RevokedAt);
        Assert.Empty(shown.RetiringSecrets);
    }

    [Fact]
    public async Task A_rotated_key_accepts_both_secrets_and_shows_which_is_retiring()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var deadline = cluster.Now.AddHours(24);

        var old = await key.Verdict(key.First);
        Assert.Equal((VerdictCode.Retiring, deadline), (old.Code, old.ValidUntil));
        Assert.Equal(VerdictCode.Active, await key.Validate(second));
        var retiring = Assert.Single((await key.Get()).RetiringSecrets);
        Assert.Equal((old.SecretId, key.First.DisplayPrefix), (retiring.Id, retiring.DisplayPrefix));
        Assert.Equal((deadline, cluster.Now), (retiring.ValidUntil, retiring.LastUsedAt));
        Assert.Equal((2, second.DisplayPrefix), ((await key.Get()).Revision, (await key.Get()).DisplayPrefix));
    }

    [Fact]
    public async Task A_revoked_key_refuses_every_secret_and_every_change()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();

        Assert.Equal(ChangeOutcome.Done, (await key.Revoke()).Outcome);
        var refused = await key.Verdict(key.First);
        Assert.Equal((VerdictCode.Revoked, null), (refused.Code, refused.ValidUntil));
        Assert.Equal(VerdictCode.Revoked, await key.Validate(second));
        Assert.Equal(ChangeOutcome.Revoked, (await key.Rotate(key.Mint())).Outcome);
        Assert.Equal(ChangeOutcome.Revoked, (await key.Rename("other")).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await key.Revoke()).Outcome);
        Assert.Equal((3, cluster.Now), ((await key.Get()).Revision, (await key.Get()).RevokedAt));
    }

    [Fact]
    public async Task A_secret_is_not_found_in_the_scope_of_another_project()
    {
        var key = await ClusterKey.Create(cluster);
        var presented = key.First.Reveal();

        Assert.Equal(Verdict.NotFound, await cluster.Validator.ValidateAsync(presented, Sample.OtherProject));
        Assert.True((await cluster.Validator.ValidateAsync(presented, Sample.Project)).IsValid);
    }

    [Fact]
    public async Task A_key_does_not_exist_for_a_caller_of_another_project()
    {
        var key = await ClusterKey.Create(cluster);
        var stranger = Sample.Caller with { Project = Sample.OtherProject };

        Assert.Null(await key.Grain.Get(stranger));
        Assert.Equal(ChangeOutcome.NotFound, (await key.Grain.Revoke(stranger)).Outcome);
        Assert.Equal(
            new(ChangeOutcome.NotFound, null), await key.Grain.Rotate(key.Rotation(key.Mint()) with { Caller = stranger }));
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task What_cannot_be_a_secret_is_malformed_and_wakes_no_grain()
    {
        var key = ClusterKey.Unknown(cluster);

        Assert.Equal(Verdict.Malformed, await cluster.Validator.ValidateAsync(null));
        Assert.Equal(Verdict.Malformed, await cluster.Validator.ValidateAsync(key.First.Reveal()[..^1] + "!"));
        Assert.Equal(0, key.Reads.Count);
    }

    [Fact]
    public async Task Creating_twice_on_one_id_is_refused_and_the_first_secret_stays_good()
    {
        var key = await ClusterKey.Create(cluster);
        var other = key.Mint();

        Assert.Equal(
            new(ChangeOutcome.AlreadyExists, null), await key.Grain.Create(Sample.Creation(other, cluster.Now)));
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(other));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_not_written()
    {
        var key = await ClusterKey.Create(cluster);

        Assert.Equal(ChangeOutcome.Done, (await key.Rename("a name")).Outcome);
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task Storage_holds_no_secret_and_no_digest_of_one()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var digest = new byte[SecretDigest.Length];
        second.Digest().CopyTo(digest);

        Assert.DoesNotContain(second.Reveal()[17..43], key.Row.Json, StringComparison.Ordinal);
        Assert.NotEqual(digest, key.Stored.Secrets.Current.Hash);
        Assert.Equal(Sample.HashOf(second), key.Stored.Secrets.Current.Hash);
    }
}

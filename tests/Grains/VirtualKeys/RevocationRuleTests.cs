using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class RevocationRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;

    [Fact]
    public void A_revoked_key_refuses_its_current_and_its_retiring_secrets_as_revoked()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        key.Revoke(Start);

        Assert.Equal(VerdictCode.Revoked, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Revoked, key.Validate(second, Start));
    }

    [Fact]
    public void A_revoked_key_knows_nothing_of_secrets_that_it_never_had()
    {
        var key = new RuledKey(Start);
        key.Revoke(Start);

        Assert.Equal(VerdictCode.NotFound, key.Validate(RuledKey.Mint(), Start));
    }

    [Fact]
    public void Revoking_again_is_done_already_and_changes_nothing()
    {
        var key = new RuledKey(Start);
        key.Revoke(Start);
        var revoked = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Revoke(Start.AddHours(1)));
        Assert.Same(revoked, key.State);
        Assert.Equal((2, Start), (revoked.Revision, revoked.RevokedAt));
    }

    [Fact]
    public void Nothing_brings_a_revoked_key_back()
    {
        var key = new RuledKey(Start);
        key.Revoke(Start);
        var revoked = key.State;
        var secret = RuledKey.Mint();

        Assert.Equal(ChangeOutcome.Revoked, key.TryRotate(secret, Start));
        Assert.Equal(ChangeOutcome.Revoked, key.Update(new() { Caller = Sample.Caller, Name = "other" }, Start));
        Assert.Same(revoked, key.State);
        Assert.Equal(VerdictCode.NotFound, key.Validate(secret, Start));
    }

    [Fact]
    public void A_revoked_key_shows_no_retiring_secrets()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);
        Assert.Single(key.State.View(Start).RetiringSecrets);

        key.Revoke(Start);
        Assert.Empty(key.State.View(Start).RetiringSecrets);
    }
}

using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class RevocationRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;

    [Fact]
    public void A_revoked_key_refuses_its_current_and_its_retiring_secrets()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        key.Revoke(Start);

        Assert.Equal(VerdictCode.Revoked, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Revoked, key.Validate(second, Start));
    }

    [Fact]
    public void A_revoked_key_does_not_find_secrets_that_it_never_had()
    {
        var key = new RuleTestKey(Start);
        key.Revoke(Start);

        Assert.Equal(VerdictCode.NotFound, key.Validate(RuleTestKey.Mint(), Start));
    }

    [Fact]
    public void Revoking_a_revoked_key_succeeds_and_changes_nothing()
    {
        var key = new RuleTestKey(Start);
        key.Revoke(Start);
        var revoked = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Revoke(Start.AddHours(1)));
        Assert.Same(revoked, key.State);
        Assert.Equal((2, Start), (revoked.Revision, revoked.RevokedAt));
    }

    [Fact]
    public void A_revoked_key_refuses_every_change()
    {
        var later = Start.AddHours(1);
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var retiring = key.GetSecretId(key.First);
        key.Disable(Start);
        key.Revoke(Start);
        var revoked = key.State;
        var secret = RuleTestKey.Mint();

        Assert.Equal(ChangeOutcome.KeyRevoked, key.TryRotate(secret, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.TryRotate(secret, Start, TimeSpan.Zero));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.Update(new() { Caller = TestData.Caller, Name = "other" }, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.ExpireRetiringSecret(retiring, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.ExpireAllRetiringSecrets(Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.ChangeDeadline(retiring, later, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.SetExpiry(later, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.SetExpiry(Start, Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.Disable(Start));
        Assert.Equal(ChangeOutcome.KeyRevoked, key.Enable(Start));
        Assert.Same(revoked, key.State);
        Assert.Equal(VerdictCode.NotFound, key.Validate(secret, Start));
    }

    [Fact]
    public void A_revoked_key_lists_no_retiring_secrets()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        Assert.Single(key.State.ToVirtualKey(Start).RetiringSecrets);

        key.Revoke(Start);
        Assert.Empty(key.State.ToVirtualKey(Start).RetiringSecrets);
    }
}

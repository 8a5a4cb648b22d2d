using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ExpireRetiringSecretsRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);

    [Fact]
    public void Expiring_one_retiring_secret_takes_effect_immediately_and_leaves_the_others_valid()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.ExpireRetiringSecret(key.GetSecretId(key.First), Later));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Later));
        Assert.Equal(Later, key.GetValidUntil(key.First));
        Assert.Equal(VerdictCode.Retiring, key.Validate(second, Later));
        Assert.Equal(Start.AddHours(24), key.GetValidUntil(second));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Later));
        Assert.Equal(4, key.State.Revision);
        key.AssertLastEvent("cut", Later, key.GetSecretId(key.First));
        Assert.Equal(Later, key.State.EraseAt);
    }

    [Fact]
    public void Expiring_all_retiring_secrets_leaves_the_current_one_valid()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.ExpireAllRetiringSecrets(Later));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Later));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(second, Later));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Later));
        Assert.Empty(key.State.ToVirtualKey(Later).RetiringSecrets);
        Assert.Equal(4, key.State.Revision);
    }

    [Fact]
    public void Expiring_all_retiring_secrets_keeps_the_deadline_of_expired_ones()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start, TimeSpan.FromMinutes(1));
        key.Rotate(Start);

        key.ExpireAllRetiringSecrets(Later);

        Assert.Equal(Start.AddMinutes(1), key.GetValidUntil(key.First));
    }

    [Fact]
    public void Expiring_all_retiring_secrets_changes_nothing_if_there_are_none()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start, TimeSpan.Zero);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.ExpireAllRetiringSecrets(Start));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Only_a_retiring_secret_can_be_expired()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var (retiring, current) = (key.GetSecretId(key.First), key.GetSecretId(second));
        var before = key.State;

        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.ExpireRetiringSecret(SecretId.New(Start), Later));
        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.ExpireRetiringSecret(current, Later));
        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.ExpireRetiringSecret(retiring, Start.AddHours(24)));
        Assert.Same(before, key.State);
        Assert.Equal(ChangeOutcome.Done, key.ExpireRetiringSecret(retiring, Start.AddHours(24).AddTicks(-1)));
    }

    [Fact]
    public void A_retiring_secret_can_be_expired_only_once()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var first = key.GetSecretId(key.First);
        key.ExpireRetiringSecret(first, Later);

        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.ExpireRetiringSecret(first, Later));
        Assert.Equal(3, key.State.Revision);
    }

    [Fact]
    public void Expiring_a_retiring_secret_makes_room_for_a_rotation()
    {
        var key = new RuleTestKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start);
        key.ExpireRetiringSecret(key.GetSecretId(key.First), Start);

        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuleTestKey.Mint(), Start));
        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuleTestKey.Mint(), Start));
    }
}

using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class GracePeriodRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;

    [Fact]
    public void A_rotation_without_grace_expires_the_replaced_secret_immediately()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start, TimeSpan.Zero);

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Active, key.Validate(second, Start));
        Assert.Empty(key.State.ToVirtualKey(Start).RetiringSecrets);
        Assert.Equal(Start, key.State.EraseAt);
    }

    [Fact]
    public void A_grace_period_of_one_tick_lasts_one_tick()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start, TimeSpan.FromTicks(1));

        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddTicks(1)));
    }

    [Fact]
    public void The_maximum_grace_period_lasts_exactly_30_days()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start, GracePeriod.Maximum);

        Assert.Equal(Start.AddDays(30), key.GetValidUntil(key.First));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start.AddDays(30).AddTicks(-1)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddDays(30)));
    }

    [Fact]
    public void A_rotation_without_grace_is_allowed_while_32_secrets_are_retiring()
    {
        var key = new RuleTestKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start);

        Assert.Equal(
            ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuleTestKey.Mint(), Start, TimeSpan.FromTicks(1)));
        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuleTestKey.Mint(), Start, TimeSpan.Zero));
        Assert.Equal(32, key.State.ToVirtualKey(Start).RetiringSecrets.Count);
    }

    [Fact]
    public void Secrets_replaced_without_grace_do_not_count_toward_the_limit_of_32()
    {
        var key = new RuleTestKey(Start);
        for (var i = 0; i < 40; i++) key.Rotate(Start, TimeSpan.Zero);
        for (var i = 0; i < 32; i++) key.Rotate(Start);

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuleTestKey.Mint(), Start));
    }

    [Fact]
    public void A_rotation_leaves_earlier_deadlines_unchanged()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start, TimeSpan.FromHours(2));
        key.Rotate(Start, TimeSpan.Zero);

        Assert.Equal((Start.AddHours(2), Start), (key.GetValidUntil(key.First), key.GetValidUntil(second)));
    }

    [Fact]
    public void A_grace_period_never_exceeds_the_expiry_of_the_key()
    {
        var key = new RuleTestKey(Start, expiresAt: Start.AddHours(10));
        var second = key.Rotate(Start, TimeSpan.FromHours(10) - TimeSpan.FromTicks(1));
        var third = key.Rotate(Start, TimeSpan.FromHours(10));
        key.Rotate(Start, TimeSpan.FromHours(10) + TimeSpan.FromTicks(1));

        Assert.Equal(Start.AddHours(10).AddTicks(-1), key.GetValidUntil(key.First));
        Assert.Equal(Start.AddHours(10), key.GetValidUntil(second));
        Assert.Equal(Start.AddHours(10), key.GetValidUntil(third));
    }

    [Fact]
    public void Retiring_secrets_are_listed_latest_deadline_first()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start, TimeSpan.FromHours(2));
        key.Rotate(Start, TimeSpan.FromHours(3));
        key.Rotate(Start, TimeSpan.FromHours(1));

        Assert.Equal(
            [Start.AddHours(3), Start.AddHours(2), Start.AddHours(1)],
            key.State.ToVirtualKey(Start).RetiringSecrets.Select(secret => secret.ValidUntil));
    }
}

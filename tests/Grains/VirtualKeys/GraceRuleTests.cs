using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class GraceRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;

    [Fact]
    public void Without_grace_the_replaced_secret_ends_at_once_and_the_new_one_works()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start, TimeSpan.Zero);

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Active, key.Validate(second, Start));
        Assert.Empty(key.State.View(Start).RetiringSecrets);
        Assert.Equal(Start, key.State.EarliestErasure());
    }

    [Fact]
    public void A_grace_of_one_tick_lasts_one_tick()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start, TimeSpan.FromTicks(1));

        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddTicks(1)));
    }

    [Fact]
    public void The_longest_grace_lasts_thirty_days_to_the_tick()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start, GracePeriod.Longest);

        Assert.Equal(Start.AddDays(30), key.ValidUntil(key.First));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start.AddDays(30).AddTicks(-1)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddDays(30)));
    }

    [Fact]
    public void A_rotation_without_grace_is_possible_while_thirty_two_secrets_retire()
    {
        var key = new RuledKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start);

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuledKey.Mint(), Start, TimeSpan.FromTicks(1)));
        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuledKey.Mint(), Start, TimeSpan.Zero));
        Assert.Equal(32, key.State.View(Start).RetiringSecrets.Count);
    }

    [Fact]
    public void Secrets_replaced_without_grace_do_not_count_towards_thirty_two()
    {
        var key = new RuledKey(Start);
        for (var i = 0; i < 40; i++) key.Rotate(Start, TimeSpan.Zero);
        for (var i = 0; i < 32; i++) key.Rotate(Start);

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuledKey.Mint(), Start));
    }

    [Fact]
    public void A_rotation_with_another_grace_leaves_earlier_deadlines_alone()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start, TimeSpan.FromHours(2));
        key.Rotate(Start, TimeSpan.Zero);

        Assert.Equal((Start.AddHours(2), Start), (key.ValidUntil(key.First), key.ValidUntil(second)));
    }

    [Fact]
    public void No_grace_goes_past_the_expiry_of_the_key()
    {
        var key = new RuledKey(Start, expiresAt: Start.AddHours(10));
        var second = key.Rotate(Start, TimeSpan.FromHours(10) - TimeSpan.FromTicks(1));
        var third = key.Rotate(Start, TimeSpan.FromHours(10));
        key.Rotate(Start, TimeSpan.FromHours(10) + TimeSpan.FromTicks(1));

        Assert.Equal(Start.AddHours(10).AddTicks(-1), key.ValidUntil(key.First));
        Assert.Equal(Start.AddHours(10), key.ValidUntil(second));
        Assert.Equal(Start.AddHours(10), key.ValidUntil(third));
    }

    [Fact]
    public void Retiring_secrets_are_shown_latest_deadline_first()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start, TimeSpan.FromHours(2));
        key.Rotate(Start, TimeSpan.FromHours(3));
        key.Rotate(Start, TimeSpan.FromHours(1));

        Assert.Equal(
            [Start.AddHours(3), Start.AddHours(2), Start.AddHours(1)],
            key.State.View(Start).RetiringSecrets.Select(secret => secret.ValidUntil));
    }
}

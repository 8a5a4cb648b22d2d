using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ExpiryRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Expiry = Start.AddHours(10);

    [Fact]
    public void A_key_works_until_one_tick_before_its_expiry()
    {
        var key = new RuledKey(Start, Expiry);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Expiry.AddTicks(-1)));
        Assert.Equal(VerdictCode.Expired, key.Validate(key.First, Expiry));
        Assert.Equal(VerdictCode.Expired, key.Validate(key.First, Expiry.AddYears(1)));
        Assert.Equal(Expiry, key.State.View(Start).ExpiresAt);
    }

    [Fact]
    public void A_key_is_not_created_expired()
    {
        Assert.Equal(new(ChangeOutcome.ExpiryInThePast, null), RuledKey.TryCreate(RuledKey.Mint(), Start, Start));
        Assert.Equal(
            ChangeOutcome.Done, RuledKey.TryCreate(RuledKey.Mint(), Start, Start.AddTicks(1)).Outcome);
    }

    [Fact]
    public void An_expiry_is_set_later_than_now_or_not_at_all()
    {
        var key = new RuledKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.Expire(Start.AddTicks(-1), Start));
        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.Expire(Start, Start));
        Assert.Same(before, key.State);

        Assert.Equal(ChangeOutcome.Done, key.Expire(Start.AddTicks(1), Start));
        Assert.Equal((2, "updated"), (key.State.Revision, key.State.Change.Action));
    }

    [Fact]
    public void An_expiry_is_changed_only_by_a_command_that_sets_it()
    {
        var key = new RuledKey(Start, Expiry);

        key.Update(new() { Caller = Sample.Caller, Name = "b", ExpiresAt = Start.AddHours(1) }, Start);
        Assert.Equal(Expiry, key.State.ExpiresAt);

        key.Expire(null, Start);
        Assert.Null(key.State.ExpiresAt);
        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Expiry));
    }

    [Fact]
    public void Setting_the_same_expiry_changes_nothing()
    {
        var key = new RuledKey(Start, Expiry);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Expire(Expiry, Start));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void A_refused_expiry_refuses_the_whole_command()
    {
        var key = new RuledKey(Start);

        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.Update(
            new() { Caller = Sample.Caller, Name = "b", SetsExpiresAt = true, ExpiresAt = Start }, Start));
        Assert.Equal("a name", key.State.Name);
    }

    [Fact]
    public void An_earlier_expiry_shortens_the_deadlines_past_it_and_no_others()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start, TimeSpan.FromHours(10) - TimeSpan.FromTicks(1));
        key.Rotate(Start, TimeSpan.FromHours(10) + TimeSpan.FromTicks(1));

        key.Expire(Expiry, Start);

        Assert.Equal((Expiry.AddTicks(-1), Expiry), (key.ValidUntil(key.First), key.ValidUntil(second)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(second, Expiry));
    }

    [Fact]
    public void A_later_expiry_prolongs_no_deadline()
    {
        var key = new RuledKey(Start, Expiry);
        key.Rotate(Start);

        key.Expire(Expiry.AddDays(10), Start);
        Assert.Equal(Expiry, key.ValidUntil(key.First));

        key.Expire(null, Start);
        Assert.Equal(Expiry, key.ValidUntil(key.First));
    }

    [Fact]
    public void Prolonging_an_expired_key_revives_its_current_secret_and_no_other()
    {
        var key = new RuledKey(Start, Expiry);
        var second = key.Rotate(Start);
        Assert.Equal(VerdictCode.Expired, key.Validate(second, Expiry));

        Assert.Equal(ChangeOutcome.Done, key.Expire(Expiry.AddDays(1), Expiry));

        Assert.Equal(VerdictCode.Active, key.Validate(second, Expiry));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Expiry));
    }

    [Fact]
    public void A_secret_replaced_after_the_expiry_has_no_grace_and_does_not_revive_with_the_key()
    {
        var key = new RuledKey(Start, Expiry);
        var second = key.Rotate(Expiry.AddHours(1));

        Assert.Equal(VerdictCode.Expired, key.Validate(second, Expiry.AddHours(1)));
        key.Expire(Expiry.AddDays(10), Expiry.AddHours(1));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Expiry.AddHours(1)));
        Assert.Equal(VerdictCode.Active, key.Validate(second, Expiry.AddHours(1)));
    }
}

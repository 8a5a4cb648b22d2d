using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ExpiryRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Expiry = Start.AddHours(10);

    [Fact]
    public void A_key_is_valid_until_one_tick_before_its_expiry()
    {
        var key = new RuleTestKey(Start, Expiry);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Expiry.AddTicks(-1)));
        Assert.Equal(VerdictCode.Expired, key.Validate(key.First, Expiry));
        Assert.Equal(VerdictCode.Expired, key.Validate(key.First, Expiry.AddYears(1)));
        Assert.Equal(Expiry, key.State.ToVirtualKey(Start).ExpiresAt);
    }

    [Fact]
    public void A_key_cannot_be_created_with_an_expiry_that_is_not_in_the_future()
    {
        Assert.Equal(new(ChangeOutcome.ExpiryInThePast, null), RuleTestKey.TryCreate(RuleTestKey.Mint(), Start, Start));
        Assert.Equal(
            ChangeOutcome.Done, RuleTestKey.TryCreate(RuleTestKey.Mint(), Start, Start.AddTicks(1)).Outcome);
    }

    [Fact]
    public void An_expiry_must_be_later_than_now()
    {
        var key = new RuleTestKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.SetExpiry(Start.AddTicks(-1), Start));
        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.SetExpiry(Start, Start));
        Assert.Same(before, key.State);

        Assert.Equal(ChangeOutcome.Done, key.SetExpiry(Start.AddTicks(1), Start));
        Assert.Equal((2, "updated"), (key.State.Revision, key.State.LastEvent.Type));
    }

    [Fact]
    public void An_expiry_changes_only_if_the_command_sets_it()
    {
        var key = new RuleTestKey(Start, Expiry);

        key.Update(new() { Caller = TestData.Caller, Name = "b", ExpiresAt = Start.AddHours(1) }, Start);
        Assert.Equal(Expiry, key.State.ExpiresAt);

        key.SetExpiry(null, Start);
        Assert.Null(key.State.ExpiresAt);
        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Expiry));
    }

    [Fact]
    public void Setting_the_same_expiry_changes_nothing()
    {
        var key = new RuleTestKey(Start, Expiry);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.SetExpiry(Expiry, Start));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void A_refused_expiry_refuses_the_whole_command()
    {
        var key = new RuleTestKey(Start);

        Assert.Equal(ChangeOutcome.ExpiryInThePast, key.Update(
            new() { Caller = TestData.Caller, Name = "b", SetsExpiresAt = true, ExpiresAt = Start }, Start));
        Assert.Equal("a name", key.State.Name);
    }

    [Fact]
    public void An_earlier_expiry_shortens_only_later_deadlines()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start, TimeSpan.FromHours(10) - TimeSpan.FromTicks(1));
        key.Rotate(Start, TimeSpan.FromHours(10) + TimeSpan.FromTicks(1));

        key.SetExpiry(Expiry, Start);

        Assert.Equal((Expiry.AddTicks(-1), Expiry), (key.GetValidUntil(key.First), key.GetValidUntil(second)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(second, Expiry));
    }

    [Fact]
    public void A_later_expiry_extends_no_deadline()
    {
        var key = new RuleTestKey(Start, Expiry);
        key.Rotate(Start);

        key.SetExpiry(Expiry.AddDays(10), Start);
        Assert.Equal(Expiry, key.GetValidUntil(key.First));

        key.SetExpiry(null, Start);
        Assert.Equal(Expiry, key.GetValidUntil(key.First));
    }

    [Fact]
    public void Extending_an_expired_key_makes_only_its_current_secret_valid_again()
    {
        var key = new RuleTestKey(Start, Expiry);
        var second = key.Rotate(Start);
        Assert.Equal(VerdictCode.Expired, key.Validate(second, Expiry));

        Assert.Equal(ChangeOutcome.Done, key.SetExpiry(Expiry.AddDays(1), Expiry));

        Assert.Equal(VerdictCode.Active, key.Validate(second, Expiry));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Expiry));
    }

    [Fact]
    public void A_secret_replaced_after_the_key_expired_never_becomes_valid_again()
    {
        var key = new RuleTestKey(Start, Expiry);
        var second = key.Rotate(Expiry.AddHours(1));

        Assert.Equal(VerdictCode.Expired, key.Validate(second, Expiry.AddHours(1)));
        key.SetExpiry(Expiry.AddDays(10), Expiry.AddHours(1));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Expiry.AddHours(1)));
        Assert.Equal(VerdictCode.Active, key.Validate(second, Expiry.AddHours(1)));
    }
}

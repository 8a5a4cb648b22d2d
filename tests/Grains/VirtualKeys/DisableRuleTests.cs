using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class DisableRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);

    [Fact]
    public void A_disabled_key_refuses_every_secret_and_shows_when_and_why_it_was_disabled()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.Disable(Later, "a leak?"));

        Assert.Equal(VerdictCode.Disabled, key.Validate(key.First, Later));
        Assert.Equal(VerdictCode.Disabled, key.Validate(second, Later));
        var shown = key.State.ToVirtualKey(Later);
        Assert.Equal((Later, "a leak?", null), (shown.DisabledAt, shown.DisabledReason, shown.RevokedAt));
        Assert.Equal(3, shown.Revision);
        key.AssertLastEvent("disabled", Later);
    }

    [Fact]
    public void Disabling_a_disabled_key_changes_nothing_and_keeps_the_first_reason()
    {
        var key = new RuleTestKey(Start);
        key.Disable(Start, "first");
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Disable(Later, "second"));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Enabling_a_key_clears_the_time_and_reason_of_its_disabling()
    {
        var key = new RuleTestKey(Start);
        key.Disable(Start, "a reason");

        Assert.Equal(ChangeOutcome.Done, key.Enable(Later));

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Later));
        Assert.Equal((null, null), (key.State.DisabledAt, key.State.DisabledReason));
        Assert.Equal(3, key.State.Revision);
        key.AssertLastEvent("enabled", Later);
    }

    [Fact]
    public void Enabling_an_enabled_key_changes_nothing()
    {
        var key = new RuleTestKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Enable(Later));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Grace_periods_continue_while_a_key_is_disabled()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var before = key.State.Secrets;
        key.Disable(Start);
        Assert.Same(before, key.State.Secrets);
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddHours(24)));

        key.Enable(Later);

        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start.AddHours(24).AddTicks(-1)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start.AddHours(24)));
    }

    [Fact]
    public void A_disabled_key_can_be_updated_and_rotated()
    {
        var key = new RuleTestKey(Start);
        key.Disable(Start);
        var second = key.Rotate(Start);

        Assert.Equal(VerdictCode.Disabled, key.Validate(second, Start));
        Assert.Equal(ChangeOutcome.Done, key.ExpireRetiringSecret(key.GetSecretId(key.First), Start));
        Assert.Equal(ChangeOutcome.Done, key.SetExpiry(Later, Start));
        Assert.NotNull(key.State.DisabledAt);
    }

    [Fact]
    public void A_verdict_reports_the_most_final_of_several_reasons()
    {
        var key = new RuleTestKey(Start, expiresAt: Start.AddHours(30));
        var second = key.Rotate(Start);
        key.Disable(Start);
        var (deadline, expiry) = (Start.AddHours(24), Start.AddHours(30));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, deadline));
        Assert.Equal(VerdictCode.Disabled, key.Validate(second, expiry.AddTicks(-1)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, expiry));
        Assert.Equal(VerdictCode.Expired, key.Validate(second, expiry));

        key.Revoke(expiry);
        Assert.Equal(VerdictCode.Revoked, key.Validate(key.First, expiry));
        Assert.Equal(VerdictCode.Revoked, key.Validate(second, expiry));
        Assert.Equal(VerdictCode.NotFound, key.Validate(RuleTestKey.Mint(), expiry));
    }
}

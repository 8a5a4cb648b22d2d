using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class DisablingRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);

    [Fact]
    public void A_disabled_key_refuses_every_secret_as_disabled_and_shows_since_when_and_why()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.Disable(Later, "a leak?"));

        Assert.Equal(VerdictCode.Disabled, key.Validate(key.First, Later));
        Assert.Equal(VerdictCode.Disabled, key.Validate(second, Later));
        var shown = key.State.View(Later);
        Assert.Equal((Later, "a leak?", null), (shown.DisabledAt, shown.DisabledReason, shown.RevokedAt));
        Assert.Equal((3, new Change("disabled", Sample.Caller.Actor, Later)), (shown.Revision, key.State.Change));
    }

    [Fact]
    public void Disabling_again_changes_nothing_the_first_reason_included()
    {
        var key = new RuledKey(Start);
        key.Disable(Start, "first");
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Disable(Later, "second"));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Enabling_undoes_disabling_and_leaves_nothing_of_it()
    {
        var key = new RuledKey(Start);
        key.Disable(Start, "why");

        Assert.Equal(ChangeOutcome.Done, key.Enable(Later));

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Later));
        Assert.Equal((null, null), (key.State.DisabledAt, key.State.DisabledReason));
        Assert.Equal((3, new Change("enabled", Sample.Caller.Actor, Later)), (key.State.Revision, key.State.Change));
    }

    [Fact]
    public void Enabling_an_enabled_key_changes_nothing()
    {
        var key = new RuledKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Enable(Later));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Running_graces_go_on_while_a_key_is_disabled()
    {
        var key = new RuledKey(Start);
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
    public void A_disabled_key_can_be_changed_and_rotated()
    {
        var key = new RuledKey(Start);
        key.Disable(Start);
        var second = key.Rotate(Start);

        Assert.Equal(VerdictCode.Disabled, key.Validate(second, Start));
        Assert.Equal(ChangeOutcome.Done, key.Cut(key.IdOf(key.First), Start));
        Assert.Equal(ChangeOutcome.Done, key.Expire(Later, Start));
        Assert.NotNull(key.State.DisabledAt);
    }

    [Fact]
    public void Of_several_reasons_to_refuse_the_most_final_one_is_named()
    {
        var key = new RuledKey(Start, expiresAt: Start.AddHours(30));
        var second = key.Rotate(Start);
        key.Disable(Start);
        var (ended, expired) = (Start.AddHours(24), Start.AddHours(30));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, ended));
        Assert.Equal(VerdictCode.Disabled, key.Validate(second, expired.AddTicks(-1)));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, expired));
        Assert.Equal(VerdictCode.Expired, key.Validate(second, expired));

        key.Revoke(expired);
        Assert.Equal(VerdictCode.Revoked, key.Validate(key.First, expired));
        Assert.Equal(VerdictCode.Revoked, key.Validate(second, expired));
        Assert.Equal(VerdictCode.NotFound, key.Validate(RuledKey.Mint(), expired));
    }

    [Fact]
    public void Everything_that_is_asked_of_a_revoked_key_is_refused_as_revoked()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);
        var retiring = key.IdOf(key.First);
        key.Disable(Start);
        key.Revoke(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Revoked, key.TryRotate(RuledKey.Mint(), Start, TimeSpan.Zero));
        Assert.Equal(ChangeOutcome.Revoked, key.Cut(retiring, Start));
        Assert.Equal(ChangeOutcome.Revoked, key.CutAll(Start));
        Assert.Equal(ChangeOutcome.Revoked, key.MoveDeadline(retiring, Later, Start));
        Assert.Equal(ChangeOutcome.Revoked, key.Expire(Later, Start));
        Assert.Equal(ChangeOutcome.Revoked, key.Expire(Start, Start));
        Assert.Equal(ChangeOutcome.Revoked, key.Disable(Start));
        Assert.Equal(ChangeOutcome.Revoked, key.Enable(Start));
        Assert.Same(before, key.State);
    }
}

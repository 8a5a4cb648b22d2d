using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ErasureRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);

    [Fact]
    public void A_secret_is_not_erased_one_tick_before_its_deadline()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseExpired(Deadline.AddTicks(-1));

        Assert.Same(before, key.State);
    }

    [Fact]
    public void A_secret_is_erased_exactly_at_its_deadline_and_is_not_found_afterwards()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        key.EraseExpired(Deadline);

        Assert.Empty(key.State.Secrets.Replaced);
        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
    }

    [Fact]
    public void Only_expired_secrets_are_erased()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start.AddHours(1));

        key.EraseExpired(Deadline);

        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
        Assert.Equal(VerdictCode.Retiring, key.Validate(second, Deadline));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Deadline));
    }

    [Fact]
    public void The_current_secret_is_never_erased()
    {
        var key = new RuleTestKey(Start);

        key.EraseExpired(Start.AddYears(100));

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start.AddYears(100)));
    }

    [Fact]
    public void An_erasure_changes_neither_the_revision_nor_the_last_change()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseExpired(Deadline);

        Assert.Equal((before.Revision, before.LastChange), (key.State.Revision, key.State.LastChange));
    }
}

using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ErasureRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);

    [Fact]
    public void Nothing_is_erased_one_tick_before_the_deadline()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseEnded(Deadline.AddTicks(-1));

        Assert.Same(before, key.State);
    }

    [Fact]
    public void A_secret_is_erased_exactly_at_its_deadline_and_is_unknown_from_then_on()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);

        key.EraseEnded(Deadline);

        Assert.Empty(key.State.Secrets.Replaced);
        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
    }

    [Fact]
    public void Only_ended_secrets_are_erased()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start.AddHours(1));

        key.EraseEnded(Deadline);

        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
        Assert.Equal(VerdictCode.Retiring, key.Validate(second, Deadline));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Deadline));
    }

    [Fact]
    public void The_current_secret_is_never_erased()
    {
        var key = new RuledKey(Start);

        key.EraseEnded(Start.AddYears(100));

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start.AddYears(100)));
    }

    [Fact]
    public void An_erasure_is_not_a_change_that_people_see()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseEnded(Deadline);

        Assert.Equal((before.Revision, before.Change), (key.State.Revision, key.State.Change));
    }
}

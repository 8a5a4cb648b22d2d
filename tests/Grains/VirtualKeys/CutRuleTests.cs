using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class CutRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);

    [Fact]
    public void A_cut_secret_ends_at_that_instant_and_the_others_go_on()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.Cut(key.IdOf(key.First), Later));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Later));
        Assert.Equal(Later, key.ValidUntil(key.First));
        Assert.Equal((VerdictCode.Retiring, Start.AddHours(24)), (key.Validate(second, Later), key.ValidUntil(second)));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Later));
        Assert.Equal((4, new Change("cut", Sample.Caller.Actor, Later)), (key.State.Revision, key.State.Change));
        Assert.Equal(Later, key.State.EarliestErasure());
    }

    [Fact]
    public void Cutting_all_ends_every_retiring_secret_and_not_the_current_one()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start);

        Assert.Equal(ChangeOutcome.Done, key.CutAll(Later));

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Later));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(second, Later));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Later));
        Assert.Empty(key.State.View(Later).RetiringSecrets);
        Assert.Equal(4, key.State.Revision);
    }

    [Fact]
    public void Cutting_all_leaves_what_had_ended_before_ended_when_it_did()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start, TimeSpan.FromMinutes(1));
        key.Rotate(Start);

        key.CutAll(Later);

        Assert.Equal(Start.AddMinutes(1), key.ValidUntil(key.First));
    }

    [Fact]
    public void Cutting_all_when_none_is_retiring_changes_nothing()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start, TimeSpan.Zero);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.CutAll(Start));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Only_a_retiring_secret_can_be_cut()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        var (ended, current) = (key.IdOf(key.First), key.IdOf(second));
        var before = key.State;

        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.Cut(SecretId.New(Start), Later));
        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.Cut(current, Later));
        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.Cut(ended, Start.AddHours(24)));
        Assert.Same(before, key.State);
        Assert.Equal(ChangeOutcome.Done, key.Cut(ended, Start.AddHours(24).AddTicks(-1)));
    }

    [Fact]
    public void A_secret_is_cut_once()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);
        var first = key.IdOf(key.First);
        key.Cut(first, Later);

        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, key.Cut(first, Later));
        Assert.Equal(3, key.State.Revision);
    }

    [Fact]
    public void A_cut_makes_room_for_a_rotation()
    {
        var key = new RuledKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start);
        key.Cut(key.IdOf(key.First), Start);

        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuledKey.Mint(), Start));
        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(RuledKey.Mint(), Start));
    }
}

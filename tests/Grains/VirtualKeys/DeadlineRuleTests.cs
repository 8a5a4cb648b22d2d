using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class DeadlineRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);
    private readonly RuledKey _key = new(Start);
    private readonly SecretId _first;

    public DeadlineRuleTests()
    {
        _key.Rotate(Start);
        _first = _key.IdOf(_key.First);
    }

    [Fact]
    public void A_deadline_can_be_prolonged_and_shortened_and_holds_to_the_tick()
    {
        foreach (var deadline in new[] { Start.AddDays(20), Start.AddHours(2) })
        {
            Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, deadline, Later));
            Assert.Equal(VerdictCode.Retiring, _key.Validate(_key.First, deadline.AddTicks(-1)));
            Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, deadline));
        }

        Assert.Equal(
            (4, new Change("deadline_moved", Sample.Caller.Actor, Later)), (_key.State.Revision, _key.State.Change));
    }

    [Fact]
    public void Only_the_named_secret_moves()
    {
        var second = _key.State.Secrets.Current.Id;
        _key.Rotate(Start);

        _key.MoveDeadline(_first, Start.AddDays(2), Later);

        Assert.Equal(Start.AddHours(24), _key.State.Secrets.Replaced.Single(secret => secret.Id == second).ValidUntil);
    }

    [Fact]
    public void A_deadline_must_be_later_than_now()
    {
        Refuses(ChangeOutcome.DeadlineInThePast, _first, Start, Later);
        Refuses(ChangeOutcome.DeadlineInThePast, _first, Later, Later);
        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, Later.AddTicks(1), Later));
    }

    [Fact]
    public void A_deadline_is_at_most_thirty_days_ahead()
    {
        Refuses(ChangeOutcome.DeadlineTooFar, _first, Later.AddDays(30).AddTicks(1), Later);
        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, Later.AddDays(30), Later));
    }

    [Fact]
    public void A_deadline_is_at_most_the_expiry_of_the_key()
    {
        var expiry = Start.AddDays(3);
        _key.Expire(expiry, Start);

        Refuses(ChangeOutcome.DeadlinePastExpiry, _first, expiry.AddTicks(1), Later);
        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, expiry, Later));
    }

    [Fact]
    public void Moving_a_deadline_to_where_it_stands_changes_nothing()
    {
        var before = _key.State;

        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, Start.AddHours(24), Later));
        Assert.Same(before, _key.State);
    }

    [Fact]
    public void A_secret_that_has_ended_never_revives()
    {
        var deadline = Start.AddHours(24);
        Refuses(ChangeOutcome.RetiringSecretNotFound, _first, deadline.AddDays(1), deadline);
        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(_first, deadline.AddDays(1), deadline.AddTicks(-1)));

        _key.Cut(_first, deadline);
        Refuses(ChangeOutcome.RetiringSecretNotFound, _first, deadline.AddDays(1), deadline);
        Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, deadline));
    }

    [Fact]
    public void Moving_one_deadline_revives_no_other_secret()
    {
        _key.Rotate(Start, TimeSpan.FromDays(10));
        var second = SecretId.Parse(_key.State.Secrets.Replaced[0].Id);
        var now = Start.AddDays(2);

        Assert.Equal(ChangeOutcome.Done, _key.MoveDeadline(second, Start.AddDays(11), now));
        Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, now));
    }

    [Fact]
    public void The_current_secret_and_unknown_ones_have_no_deadline_to_move()
    {
        Refuses(ChangeOutcome.RetiringSecretNotFound, SecretId.Parse(_key.State.Secrets.Current.Id), Start.AddDays(1), Later);
        Refuses(ChangeOutcome.RetiringSecretNotFound, SecretId.New(Start), Start.AddDays(1), Later);
    }

    private void Refuses(ChangeOutcome outcome, SecretId secret, DateTimeOffset deadline, DateTimeOffset now)
    {
        var before = _key.State;
        Assert.Equal(outcome, _key.MoveDeadline(secret, deadline, now));
        Assert.Same(before, _key.State);
    }
}

using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class DeadlineRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);
    private readonly RuleTestKey _key = new(Start);
    private readonly SecretId _firstSecretId;

    public DeadlineRuleTests()
    {
        _key.Rotate(Start);
        _firstSecretId = _key.GetSecretId(_key.First);
    }

    [Fact]
    public void A_deadline_can_be_extended_and_shortened_and_applies_to_the_tick()
    {
        foreach (var deadline in new[] { Start.AddDays(20), Start.AddHours(2) })
        {
            Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, deadline, Later));
            Assert.Equal(VerdictCode.Retiring, _key.Validate(_key.First, deadline.AddTicks(-1)));
            Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, deadline));
        }

        Assert.Equal(4, _key.State.Revision);
        _key.AssertLastEvent("deadline_moved", Later, _firstSecretId);
    }

    [Fact]
    public void Changing_a_deadline_affects_only_the_named_secret()
    {
        var second = _key.State.Secrets.CurrentSecret.Id;
        _key.Rotate(Start);

        _key.ChangeDeadline(_firstSecretId, Start.AddDays(2), Later);

        Assert.Equal(Start.AddHours(24), _key.State.Secrets.Replaced.Single(secret => secret.Id == second).ValidUntil);
    }

    [Fact]
    public void A_deadline_must_be_later_than_now()
    {
        AssertRefused(ChangeOutcome.DeadlineInThePast, _firstSecretId, Start, Later);
        AssertRefused(ChangeOutcome.DeadlineInThePast, _firstSecretId, Later, Later);
        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, Later.AddTicks(1), Later));
    }

    [Fact]
    public void A_deadline_is_at_most_thirty_days_ahead()
    {
        AssertRefused(ChangeOutcome.DeadlineTooFar, _firstSecretId, Later.AddDays(30).AddTicks(1), Later);
        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, Later.AddDays(30), Later));
    }

    [Fact]
    public void A_deadline_is_at_most_the_expiry_of_the_key()
    {
        var expiry = Start.AddDays(3);
        _key.SetExpiry(expiry, Start);

        AssertRefused(ChangeOutcome.DeadlinePastExpiry, _firstSecretId, expiry.AddTicks(1), Later);
        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, expiry, Later));
    }

    [Fact]
    public void Setting_the_same_deadline_changes_nothing()
    {
        var before = _key.State;

        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, Start.AddHours(24), Later));
        Assert.Same(before, _key.State);
    }

    [Fact]
    public void An_expired_secret_never_becomes_valid_again()
    {
        var deadline = Start.AddHours(24);
        var later = deadline.AddDays(1);
        AssertRefused(ChangeOutcome.RetiringSecretNotFound, _firstSecretId, later, deadline);
        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(_firstSecretId, later, deadline.AddTicks(-1)));

        _key.ExpireRetiringSecret(_firstSecretId, deadline);
        AssertRefused(ChangeOutcome.RetiringSecretNotFound, _firstSecretId, later, deadline);
        Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, deadline));
    }

    [Fact]
    public void Changing_one_deadline_makes_no_expired_secret_valid_again()
    {
        _key.Rotate(Start, TimeSpan.FromDays(10));
        var second = SecretId.Parse(_key.State.Secrets.Replaced[0].Id);
        var now = Start.AddDays(2);

        Assert.Equal(ChangeOutcome.Done, _key.ChangeDeadline(second, Start.AddDays(11), now));
        Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, now));
    }

    [Fact]
    public void The_deadline_of_a_current_or_unknown_secret_cannot_be_changed()
    {
        var current = SecretId.Parse(_key.State.Secrets.CurrentSecret.Id);
        AssertRefused(ChangeOutcome.RetiringSecretNotFound, current, Start.AddDays(1), Later);
        AssertRefused(ChangeOutcome.RetiringSecretNotFound, SecretId.New(Start), Start.AddDays(1), Later);
    }

    private void AssertRefused(ChangeOutcome outcome, SecretId secret, DateTimeOffset deadline, DateTimeOffset now)
    {
        var before = _key.State;
        Assert.Equal(outcome, _key.ChangeDeadline(secret, deadline, now));
        Assert.Same(before, _key.State);
    }
}

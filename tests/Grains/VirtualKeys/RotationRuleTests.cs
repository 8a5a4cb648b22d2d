using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class RotationRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);

    [Fact]
    public void A_new_key_accepts_its_first_secret_and_no_other()
    {
        var key = new RuledKey(Start);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.NotFound, key.Validate(RuledKey.Mint(), Start));
    }

    [Fact]
    public void The_current_secret_has_no_deadline()
    {
        var key = new RuledKey(Start);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start.AddYears(100)));
        Assert.Null(key.ValidUntil(key.First));
    }

    [Fact]
    public void A_replaced_secret_is_good_until_one_tick_before_its_deadline()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);

        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Deadline.AddMilliseconds(-1)));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Deadline.AddTicks(-1)));
        Assert.Equal(Deadline, key.ValidUntil(key.First));
    }

    [Fact]
    public void A_replaced_secret_is_bad_exactly_at_its_deadline_and_after()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start);

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline.AddYears(1)));
        Assert.Equal(Deadline, key.ValidUntil(key.First));
    }

    [Fact]
    public void The_list_of_retiring_secrets_ends_at_the_same_instant_as_their_validity()
    {
        var secrets = new RuledKey(Start);
        secrets.Rotate(Start);

        Assert.Equal(
            [new RetiringSecret
            {
                Id = secrets.IdOf(secrets.First),
                DisplayPrefix = secrets.First.DisplayPrefix,
                ValidUntil = Deadline,
            }],
            secrets.State.Secrets.Retiring(Deadline.AddTicks(-1)));
        Assert.Empty(secrets.State.Secrets.Retiring(Deadline));
    }

    [Fact]
    public void Each_replaced_secret_keeps_its_own_deadline()
    {
        var key = new RuledKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start.AddHours(1));
        key.Rotate(Start.AddHours(23));

        Assert.Equal(Start.AddHours(24), key.ValidUntil(key.First));
        Assert.Equal(Start.AddHours(25), key.ValidUntil(second));
        Assert.Equal(Start.AddHours(47), key.ValidUntil(third));
        Assert.Equal(Start.AddHours(24), key.State.Secrets.EarliestDeadline());
    }

    [Fact]
    public void Thirty_two_secrets_may_retire_at_once_and_all_of_them_work()
    {
        var key = new RuledKey(Start);
        List<Secret> secrets = [key.First];
        for (var i = 0; i < 32; i++) secrets.Add(key.Rotate(Start));

        Assert.All(secrets.SkipLast(1), secret =>
            Assert.Equal(VerdictCode.Retiring, key.Validate(secret, Deadline.AddTicks(-1))));
        Assert.Equal(VerdictCode.Active, key.Validate(secrets[^1], Start));
    }

    [Fact]
    public void The_thirty_third_rotation_is_refused_and_changes_nothing()
    {
        var key = new RuledKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start.AddMinutes(i));
        var before = key.State;
        var refused = RuledKey.Mint();

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(refused, Deadline.AddTicks(-1)));
        Assert.Same(before, key.State);
        Assert.Equal(VerdictCode.NotFound, key.Validate(refused, Deadline));
    }

    [Fact]
    public void Rotation_works_again_at_the_deadline_of_the_first_retiring_secret()
    {
        var key = new RuledKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start.AddMinutes(i));

        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuledKey.Mint(), Deadline));
        Assert.Equal(32, key.State.Secrets.Retiring(Deadline).Count);
    }

    [Fact]
    public void A_rotation_counts_as_a_change_of_the_key()
    {
        var key = new RuledKey(Start);
        key.Rotate(Start.AddHours(1));

        Assert.Equal(2, key.State.Revision);
        Assert.Equal(new Change("rotated", Sample.Caller.Actor, Start.AddHours(1)), key.State.Change);
        Assert.Equal(Start, key.State.CreatedAt);
    }
}

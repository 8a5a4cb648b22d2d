using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ErasureRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);

    [Fact]
    public void A_secret_is_not_erased_while_it_may_be_valid_on_a_silo_whose_clock_is_behind()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseExpired(eraseBefore: Deadline.AddTicks(-1));

        Assert.Same(before, key.State);
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline));
    }

    [Fact]
    public void A_secret_is_erased_when_its_deadline_has_passed_on_every_silo_and_is_not_found_afterwards()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        key.EraseExpired(eraseBefore: Deadline);

        Assert.Empty(key.State.Secrets.Replaced);
        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
    }

    [Fact]
    public void A_rotation_does_not_erase_a_secret_whose_deadline_has_just_passed()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        key.Rotate(Deadline + RuleTestKey.MaxClockOffset - TestData.Millisecond);
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline));

        key.Rotate(Deadline + RuleTestKey.MaxClockOffset);
        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
    }

    [Fact]
    public void A_silo_whose_clock_is_wrong_erases_no_secret_by_its_deadline()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var before = key.State;

        key.EraseExpired(eraseBefore: DateTimeOffset.MinValue);

        Assert.Same(before, key.State);
    }

    [Fact]
    public void A_secret_that_a_caller_has_expired_may_be_erased_at_once_whatever_the_clock_shows()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        key.ExpireAllRetiringSecrets(Later);
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start));

        key.EraseExpired(eraseBefore: DateTimeOffset.MinValue);

        Assert.Empty(key.State.Secrets.Replaced);
    }

    [Fact]
    public void A_secret_that_a_rotation_without_grace_has_replaced_stays_expired_when_a_clock_is_set_back()
    {
        var key = new RuleTestKey(Start);

        key.Rotate(Later, TimeSpan.Zero);

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Start));
    }

    [Fact]
    public void Only_expired_secrets_are_erased()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Later);

        key.EraseExpired(eraseBefore: Deadline);

        Assert.Equal(VerdictCode.NotFound, key.Validate(key.First, Deadline));
        Assert.Equal(VerdictCode.Retiring, key.Validate(second, Deadline));
        Assert.Equal(VerdictCode.Active, key.Validate(third, Deadline));
    }

    [Fact]
    public void The_current_secret_is_never_erased()
    {
        var key = new RuleTestKey(Start);

        key.EraseExpired(eraseBefore: Start.AddYears(100));

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start.AddYears(100)));
    }

    [Fact]
    public void An_erasure_is_an_event_of_the_system_that_callers_do_not_see()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);
        var erased = key.GetSecretId(key.First);
        var (before, shown) = (key.State, key.State.ToVirtualKey(Deadline));

        key.EraseExpired(eraseBefore: Deadline);

        var after = key.State.ToVirtualKey(Deadline);
        Assert.Equal((shown.Revision, shown.UpdatedAt), (after.Revision, after.UpdatedAt));
        Assert.Equal(before.LastEvent.Number + 1, key.State.LastEvent.Number);
        Assert.Equal(
            ("erased", ActorKind.System, erased.ToString()),
            (key.State.LastEvent.Type, key.State.LastEvent.ActorKind, key.State.LastEvent.SecretId));
    }
}

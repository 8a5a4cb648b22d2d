using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class RotationRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Deadline = Start.AddHours(24);

    [Fact]
    public void A_new_key_accepts_its_first_secret_and_no_other()
    {
        var key = new RuleTestKey(Start);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.NotFound, key.Validate(RuleTestKey.Mint(), Start));
    }

    [Fact]
    public void The_current_secret_has_no_deadline()
    {
        var key = new RuleTestKey(Start);

        Assert.Equal(VerdictCode.Active, key.Validate(key.First, Start.AddYears(100)));
        Assert.Null(key.GetValidUntil(key.First));
    }

    [Fact]
    public void A_retiring_secret_is_valid_until_one_tick_before_its_deadline()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Start));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Deadline.AddMilliseconds(-1)));
        Assert.Equal(VerdictCode.Retiring, key.Validate(key.First, Deadline.AddTicks(-1)));
        Assert.Equal(Deadline, key.GetValidUntil(key.First));
    }

    [Fact]
    public void A_retiring_secret_expires_exactly_at_its_deadline()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline));
        Assert.Equal(VerdictCode.ExpiredSecret, key.Validate(key.First, Deadline.AddYears(1)));
        Assert.Equal(Deadline, key.GetValidUntil(key.First));
    }

    [Fact]
    public void A_retiring_secret_is_listed_exactly_as_long_as_it_is_valid()
    {
        var key = new RuleTestKey(Start);
        key.Rotate(Start);

        var retiring = Assert.Single(key.State.Secrets.GetRetiringSecrets(Deadline.AddTicks(-1)));
        Assert.Equal(
            new RetiringSecret
            {
                Id = key.GetSecretId(key.First),
                DisplayPrefix = key.First.DisplayPrefix,
                ValidUntil = Deadline,
            },
            retiring);
        Assert.Empty(key.State.Secrets.GetRetiringSecrets(Deadline));
    }

    [Fact]
    public void Each_retiring_secret_keeps_its_own_deadline()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start);
        var third = key.Rotate(Start.AddHours(1));
        key.Rotate(Start.AddHours(23));

        Assert.Equal(Start.AddHours(24), key.GetValidUntil(key.First));
        Assert.Equal(Start.AddHours(25), key.GetValidUntil(second));
        Assert.Equal(Start.AddHours(47), key.GetValidUntil(third));
        Assert.Equal(Start.AddHours(24), key.State.Secrets.GetNextDeadline());
    }

    [Fact]
    public void Up_to_32_retiring_secrets_are_valid_at_the_same_time()
    {
        var key = new RuleTestKey(Start);
        List<Secret> secrets = [key.First];
        for (var i = 0; i < 32; i++) secrets.Add(key.Rotate(Start));

        Assert.All(secrets.SkipLast(1), secret =>
            Assert.Equal(VerdictCode.Retiring, key.Validate(secret, Deadline.AddTicks(-1))));
        Assert.Equal(VerdictCode.Active, key.Validate(secrets[^1], Start));
    }

    [Fact]
    public void A_rotation_that_would_exceed_32_retiring_secrets_is_refused_and_changes_nothing()
    {
        var key = new RuleTestKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start.AddMinutes(i));
        var before = key.State;
        var refused = RuleTestKey.Mint();

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, key.TryRotate(refused, Deadline.AddTicks(-1)));
        Assert.Same(before, key.State);
        Assert.Equal(VerdictCode.NotFound, key.Validate(refused, Deadline));
    }

    [Fact]
    public void A_rotation_is_allowed_again_at_the_deadline_of_the_first_retiring_secret()
    {
        var key = new RuleTestKey(Start);
        for (var i = 0; i < 32; i++) key.Rotate(Start.AddMinutes(i));

        Assert.Equal(ChangeOutcome.Done, key.TryRotate(RuleTestKey.Mint(), Deadline));
        Assert.Equal(32, key.State.Secrets.GetRetiringSecrets(Deadline).Count);
    }

    [Fact]
    public void A_rotation_increments_the_revision_and_is_an_event()
    {
        var key = new RuleTestKey(Start);
        var second = key.Rotate(Start.AddHours(1));

        Assert.Equal(2, key.State.Revision);
        key.AssertLastEvent("rotated", Start.AddHours(1), key.GetSecretId(second));
        Assert.Equal(Start, key.State.CreatedAt);
    }
}

using KeysCluster.Grains.Leases;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// Which commands are acknowledged only after every cache is invalidated. No rule compares an end with the clock of one
/// silo to conclude that nobody accepts the secret any longer.
/// </summary>
public sealed class RequiresInvalidationTests
{
    private static readonly DateTimeOffset Now = TestData.Start;
    private static readonly DateTimeOffset MinuteLater = Now.AddMinutes(1);
    private static readonly UpdateVirtualKeyCommand Rename = new() { Caller = TestData.Caller, Name = "another name" };

    private readonly RuleTestKey _key = new(Now);

    [Fact]
    public void Revoking_always_requires_invalidation()
    {
        _key.Revoke(Now);
        Assert.True(_key.RequiredInvalidation);
        _key.Revoke(MinuteLater);
        Assert.True(_key.RequiredInvalidation);
    }

    [Fact]
    public void Disabling_always_requires_invalidation()
    {
        _key.Disable(Now);
        Assert.True(_key.RequiredInvalidation);
        _key.Disable(MinuteLater);
        Assert.True(_key.RequiredInvalidation);
    }

    [Fact]
    public void Revoking_a_disabled_key_requires_invalidation()
    {
        _key.Disable(Now);

        _key.Revoke(Now);

        Assert.True(_key.RequiredInvalidation);
    }

    /// <summary>The clock of another silo may be behind, and the key be valid there.</summary>
    [Fact]
    public void Disabling_or_revoking_a_key_that_has_expired_by_this_clock_requires_invalidation()
    {
        _key.SetExpiry(MinuteLater, Now);

        _key.Disable(MinuteLater.AddHours(1));
        Assert.True(_key.RequiredInvalidation);
        _key.Revoke(MinuteLater.AddHours(1));
        Assert.True(_key.RequiredInvalidation);
    }

    [Fact]
    public void Expiring_retiring_secrets_always_requires_invalidation()
    {
        _key.ExpireAllRetiringSecrets(Now);
        Assert.True(_key.RequiredInvalidation);
        _key.Rotate(Now);
        _key.ExpireAllRetiringSecrets(Now);
        Assert.True(_key.RequiredInvalidation);
        _key.ExpireAllRetiringSecrets(Now);
        Assert.True(_key.RequiredInvalidation);
    }

    /// <summary>The clock of another silo may be behind, and the secret be retiring there.</summary>
    [Fact]
    public void Expiring_secrets_whose_deadline_has_passed_by_this_clock_marks_them_and_requires_invalidation()
    {
        _key.Rotate(Now, TimeSpan.FromMinutes(1));

        Assert.Equal(ChangeOutcome.Done, _key.ExpireAllRetiringSecrets(MinuteLater));

        Assert.True(_key.RequiredInvalidation);
        Assert.Equal(VerdictCode.ExpiredSecret, _key.Validate(_key.First, Now));
        Assert.Equal(3, _key.State.Revision);
    }

    [Fact]
    public void Expiring_one_secret_requires_invalidation_also_when_it_has_expired_already()
    {
        _key.Rotate(Now);
        var secret = _key.GetSecretId(_key.First);
        _key.ExpireRetiringSecret(secret, Now);
        Assert.True(_key.RequiredInvalidation);

        Assert.Equal(ChangeOutcome.RetiringSecretNotFound, _key.ExpireRetiringSecret(secret, Now));
        Assert.True(_key.RequiredInvalidation);

        _key.ExpireRetiringSecret(SecretId.New(Now), Now);
        Assert.False(_key.RequiredInvalidation);
    }

    [Fact]
    public void A_rotation_without_grace_requires_invalidation_also_when_it_is_repeated()
    {
        var command = TestData.NewRotateCommand(TestData.Caller, RuleTestKey.Mint(), Now) with
        {
            GracePeriod = TimeSpan.Zero,
        };
        _key.TryRotate(command, Now);
        Assert.True(_key.RequiredInvalidation);

        Assert.Equal(ChangeOutcome.Done, _key.TryRotate(command, MinuteLater));
        Assert.Equal((true, 2), (_key.RequiredInvalidation, _key.State.Revision));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void A_rotation_requires_invalidation_if_its_deadline_may_precede_the_event_log(
        int millisecondsBeyond, bool expected)
    {
        _key.Rotate(Now, LeaseOptions.MaxPropagation + millisecondsBeyond * TestData.Millisecond);

        Assert.Equal(expected, _key.RequiredInvalidation);
    }

    [Fact]
    public void A_rotation_with_the_default_grace_period_requires_no_invalidation()
    {
        _key.Rotate(Now);

        Assert.False(_key.RequiredInvalidation);
    }

    [Fact]
    public void A_rotation_whose_deadline_is_the_near_expiry_of_the_key_requires_invalidation()
    {
        _key.SetExpiry(MinuteLater, Now);

        _key.Rotate(Now);

        Assert.True(_key.RequiredInvalidation);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void An_earlier_key_expiry_requires_invalidation_if_it_may_precede_the_event_log(
        int millisecondsBeyond, bool expected)
    {
        var expiresAt = Now + LeaseOptions.MaxPropagation + millisecondsBeyond * TestData.Millisecond;
        _key.SetExpiry(expiresAt, Now);
        Assert.Equal(expected, _key.RequiredInvalidation);

        // The first attempt may have failed to invalidate some cache.
        _key.SetExpiry(expiresAt, Now);
        Assert.Equal(expected, _key.RequiredInvalidation);
    }

    [Fact]
    public void A_later_key_expiry_requires_invalidation_only_if_it_is_near()
    {
        _key.SetExpiry(MinuteLater, Now);

        // Some cache may know no expiry, because the invalidation of the first one has failed.
        _key.SetExpiry(Now.AddMinutes(2), Now);
        Assert.True(_key.RequiredInvalidation);

        _key.SetExpiry(Now.AddMinutes(10), Now);
        Assert.False(_key.RequiredInvalidation);
        _key.SetExpiry(null, Now);
        Assert.False(_key.RequiredInvalidation);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2.5, true)]
    [InlineData(10, false)]
    public void A_near_deadline_requires_invalidation_also_when_it_is_later_than_before(double minutes, bool expected)
    {
        _key.Rotate(Now, TimeSpan.FromMinutes(2));

        _key.ChangeDeadline(_key.GetSecretId(_key.First), Now.AddMinutes(minutes), Now);

        Assert.Equal(expected, _key.RequiredInvalidation);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void An_earlier_deadline_requires_invalidation_if_it_may_precede_the_event_log(
        int millisecondsBeyond, bool expected)
    {
        _key.Rotate(Now);
        var deadline = Now + LeaseOptions.MaxPropagation + millisecondsBeyond * TestData.Millisecond;

        _key.ChangeDeadline(_key.GetSecretId(_key.First), deadline, Now);

        Assert.Equal(expected, _key.RequiredInvalidation);
    }

    [Fact]
    public void Renaming_and_enabling_require_no_invalidation()
    {
        _key.Update(Rename, Now);
        Assert.False(_key.RequiredInvalidation);

        _key.Disable(Now);
        _key.Enable(Now);
        Assert.False(_key.RequiredInvalidation);
    }
}

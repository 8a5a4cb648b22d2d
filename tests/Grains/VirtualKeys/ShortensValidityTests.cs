using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>Which changes must be told to every silo before they are answered.</summary>
public sealed class ShortensValidityTests
{
    private static readonly DateTimeOffset Now = TestData.Start;
    private static readonly TimeSpan InvalidationHorizon = CacheLimits.InvalidationHorizon;

    [Fact]
    public void Revoking_and_disabling_shorten_validity() => Assert.Equal(
        (true, true), (ShortensValidity(key => key.Revoke(Now)), ShortensValidity(key => key.Disable(Now))));

    [Fact]
    public void Revoking_a_disabled_key_shortens_validity() =>
        Assert.True(ShortensValidity(key => key.Revoke(Now), given: key => key.Disable(Now)));

    [Fact]
    public void Enabling_and_renaming_do_not_shorten_validity() => Assert.Equal(
        (false, false),
        (ShortensValidity(key => key.Enable(Now), given: key => key.Disable(Now)),
            ShortensValidity(key => key.Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, Name = "other" }, Now))));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void A_rotation_shortens_validity_if_the_old_secret_expires_within_the_horizon(int millisecondsBeyond, bool expected)
    {
        var grace = millisecondsBeyond == 0 ? TimeSpan.Zero : InvalidationHorizon + millisecondsBeyond * TestData.Millisecond;

        Assert.Equal(expected, ShortensValidity(key => key.Rotate(Now, grace)));
    }

    [Fact]
    public void A_rotation_with_the_default_grace_period_does_not_shorten_validity() => Assert.False(ShortensValidity(key => key.Rotate(Now)));

    [Fact]
    public void Expiring_retiring_secrets_shortens_validity() => Assert.True(ShortensValidity(key => key.ExpireAllRetiringSecrets(Now), given: key => key.Rotate(Now)));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void An_earlier_key_expiry_shortens_validity_if_it_is_within_the_horizon(int millisecondsBeyond, bool expected) =>
        Assert.Equal(expected, ShortensValidity(key => key.SetExpiry(Now + InvalidationHorizon + millisecondsBeyond * TestData.Millisecond, Now)));

    [Fact]
    public void A_later_key_expiry_does_not_shorten_validity() => Assert.False(
        ShortensValidity(key => key.SetExpiry(Now.AddMinutes(2), Now), given: key => key.SetExpiry(Now.AddMinutes(1), Now)));

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void A_changed_deadline_shortens_validity_only_if_it_is_earlier(int minutes, bool expected) => Assert.Equal(expected, ShortensValidity(
        key => key.ChangeDeadline(key.GetSecretId(key.First), Now.AddMinutes(minutes), Now),
        given: key => key.Rotate(Now, TimeSpan.FromMinutes(2))));

    [Fact]
    public void Erasing_expired_secrets_does_not_shorten_validity() => Assert.False(ShortensValidity(
        key => key.EraseExpired(Now.AddMinutes(1)), given: key => key.Rotate(Now, TimeSpan.FromMinutes(1)), at: Now.AddMinutes(1)));

    [Fact]
    public void Disabling_an_expired_key_does_not_shorten_validity() => Assert.False(ShortensValidity(
        key => key.Disable(Now.AddMinutes(1)), given: key => key.SetExpiry(Now.AddMinutes(1), Now), at: Now.AddMinutes(1)));

    private static bool ShortensValidity(Action<RuleTestKey> change, Action<RuleTestKey>? given = null, DateTimeOffset? at = null)
    {
        var key = new RuleTestKey(Now);
        given?.Invoke(key);
        var before = key.State;
        change(key);
        return SecretHolderLifecycle.ShortensValidity(before, key.State, at ?? Now);
    }
}

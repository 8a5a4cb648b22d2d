using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>Decides which changes must invalidate every cache before they are acknowledged.</summary>
public sealed class ShortensValidityTests
{
    private static readonly DateTimeOffset Now = TestData.Start;
    private static readonly DateTimeOffset MinuteLater = Now.AddMinutes(1);
    private static readonly TimeSpan Horizon = CacheLimits.InvalidationHorizon;

    private readonly RuleTestKey _key = new(Now);

    [Fact]
    public void Revoking_shortens_validity() => Assert.True(ShortensValidity(() => _key.Revoke(Now)));

    [Fact]
    public void Disabling_shortens_validity() => Assert.True(ShortensValidity(() => _key.Disable(Now)));

    [Fact]
    public void Revoking_a_disabled_key_shortens_validity()
    {
        _key.Disable(Now);

        Assert.True(ShortensValidity(() => _key.Revoke(Now)));
    }

    [Fact]
    public void Enabling_does_not_shorten_validity()
    {
        _key.Disable(Now);

        Assert.False(ShortensValidity(() => _key.Enable(Now)));
    }

    [Fact]
    public void Renaming_does_not_shorten_validity() =>
        Assert.False(ShortensValidity(() => _key.Update(new() { Caller = TestData.Caller, Name = "other" }, Now)));

    [Fact]
    public void A_rotation_without_grace_shortens_validity() =>
        Assert.True(ShortensValidity(() => _key.Rotate(Now, TimeSpan.Zero)));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void A_rotation_shortens_validity_if_the_old_secret_expires_within_the_horizon(
        int millisecondsBeyond, bool expected) =>
        Assert.Equal(expected, ShortensValidity(
            () => _key.Rotate(Now, Horizon + millisecondsBeyond * TestData.Millisecond)));

    [Fact]
    public void A_rotation_with_the_default_grace_period_does_not_shorten_validity() =>
        Assert.False(ShortensValidity(() => _key.Rotate(Now)));

    [Fact]
    public void Expiring_retiring_secrets_shortens_validity()
    {
        _key.Rotate(Now);

        Assert.True(ShortensValidity(() => _key.ExpireAllRetiringSecrets(Now)));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void An_earlier_key_expiry_shortens_validity_if_it_is_within_the_horizon(
        int millisecondsBeyond, bool expected) =>
        Assert.Equal(expected, ShortensValidity(
            () => _key.SetExpiry(Now + Horizon + millisecondsBeyond * TestData.Millisecond, Now)));

    [Fact]
    public void A_later_key_expiry_does_not_shorten_validity()
    {
        _key.SetExpiry(MinuteLater, Now);

        Assert.False(ShortensValidity(() => _key.SetExpiry(Now.AddMinutes(2), Now)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void A_changed_deadline_shortens_validity_only_if_it_is_earlier(int minutes, bool expected)
    {
        _key.Rotate(Now, TimeSpan.FromMinutes(2));

        Assert.Equal(expected, ShortensValidity(
            () => _key.ChangeDeadline(_key.GetSecretId(_key.First), Now.AddMinutes(minutes), Now)));
    }

    [Fact]
    public void Erasing_expired_secrets_does_not_shorten_validity()
    {
        _key.Rotate(Now, TimeSpan.FromMinutes(1));

        Assert.False(ShortensValidity(() => _key.EraseExpired(MinuteLater), MinuteLater));
    }

    [Fact]
    public void Disabling_an_expired_key_does_not_shorten_validity()
    {
        _key.SetExpiry(MinuteLater, Now);

        Assert.False(ShortensValidity(() => _key.Disable(MinuteLater), MinuteLater));
    }

    private bool ShortensValidity(Action change, DateTimeOffset? now = null)
    {
        var before = _key.State;
        change();
        return SecretHolderLifecycle.ShortensValidity(before, _key.State, now ?? Now);
    }
}

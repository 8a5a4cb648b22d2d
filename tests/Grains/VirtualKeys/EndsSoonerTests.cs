using KeysCluster.Grains.Owners;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>Which changes must be told to every silo before they are answered.</summary>
public sealed class EndsSoonerTests
{
    private static readonly DateTimeOffset Now = Sample.Start;
    private static readonly TimeSpan Horizon = MemoryLimits.Horizon;

    [Fact]
    public void Revoking_and_disabling() => Assert.Equal(
        (true, true), (After(key => key.Revoke(Now)), After(key => key.Disable(Now))));

    [Fact]
    public void Revoking_what_is_disabled() =>
        Assert.True(After(key => key.Revoke(Now), given: key => key.Disable(Now)));

    [Fact]
    public void Enabling_and_renaming_are_not() => Assert.Equal(
        (false, false),
        (After(key => key.Enable(Now), given: key => key.Disable(Now)),
            After(key => key.Update(new UpdateVirtualKey { Caller = Sample.Caller, Name = "other" }, Now))));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void Rotating_is_when_the_old_secret_ends_before_the_horizon(int millisecondsBeyond, bool expected)
    {
        var grace = millisecondsBeyond == 0 ? TimeSpan.Zero : Horizon + millisecondsBeyond * Sample.Millisecond;

        Assert.Equal(expected, After(key => key.Rotate(Now, grace)));
    }

    [Fact]
    public void Rotating_as_clients_do_is_not() => Assert.False(After(key => key.Rotate(Now)));

    [Fact]
    public void Cutting_what_is_retiring() => Assert.True(After(key => key.CutAll(Now), given: key => key.Rotate(Now)));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void An_earlier_expiry_is_when_it_comes_before_the_horizon(int millisecondsBeyond, bool expected) =>
        Assert.Equal(expected, After(key => key.Expire(Now + Horizon + millisecondsBeyond * Sample.Millisecond, Now)));

    [Fact]
    public void A_later_expiry_is_not() => Assert.False(
        After(key => key.Expire(Now.AddMinutes(2), Now), given: key => key.Expire(Now.AddMinutes(1), Now)));

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Moving_a_deadline_is_when_it_comes_sooner(int minutes, bool expected) => Assert.Equal(expected, After(
        key => key.MoveDeadline(key.IdOf(key.First), Now.AddMinutes(minutes), Now),
        given: key => key.Rotate(Now, TimeSpan.FromMinutes(2))));

    [Fact]
    public void Erasing_what_has_ended_is_not() => Assert.False(After(
        key => key.EraseEnded(Now.AddMinutes(1)), given: key => key.Rotate(Now, TimeSpan.FromMinutes(1)), at: Now.AddMinutes(1)));

    [Fact]
    public void Disabling_what_has_expired_is_not() => Assert.False(After(
        key => key.Disable(Now.AddMinutes(1)), given: key => key.Expire(Now.AddMinutes(1), Now), at: Now.AddMinutes(1)));

    private static bool After(Action<RuledKey> change, Action<RuledKey>? given = null, DateTimeOffset? at = null)
    {
        var key = new RuledKey(Now);
        given?.Invoke(key);
        var before = key.State;
        change(key);
        return SecretOwnerLifecycle.EndsSooner(before, key.State, at ?? Now);
    }
}

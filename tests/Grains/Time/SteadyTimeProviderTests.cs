using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Time;

namespace KeysCluster.Grains.Tests.Time;

public sealed class SteadyTimeProviderTests : IDisposable
{
    private readonly MachineClock _machine = new();
    private readonly SteadyTimeProvider _clock;

    /// <summary>How far the clock is ahead of the wall clock.</summary>
    private TimeSpan Offset => _clock.GetUtcNow() - _machine.GetUtcNow();

    public SteadyTimeProviderTests() => _clock = new SteadyTimeProvider(_machine);

    public void Dispose() => _clock.Dispose();

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    [InlineData(3600)]
    [InlineData(25 * 3600)]
    public void A_wall_clock_that_is_set_back_does_not_set_this_clock_back(int seconds)
    {
        var latest = _clock.GetUtcNow();

        _machine.Step = -TimeSpan.FromSeconds(seconds);

        for (var i = 0; i < 100; i++)
        {
            _machine.Advance(TimeSpan.FromSeconds(1));
            var now = _clock.GetUtcNow();
            Assert.True(now > latest, $"{now:O} is not after {latest:O}.");
            latest = now;
        }
    }

    [Fact]
    public void This_clock_runs_slower_until_a_wall_clock_that_was_set_back_has_caught_up()
    {
        _machine.Step = -TimeSpan.FromSeconds(1);

        for (var i = 0; i < 60; i++) _machine.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, Offset);
    }

    [Fact]
    public void This_clock_is_not_behind_the_wall_clock_after_it_has_run_slower()
    {
        _machine.Step = -TimeSpan.FromMilliseconds(11);

        // The check that would end it is late.
        _machine.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 30; i++)
        {
            _machine.Advance(TimeSpan.FromMilliseconds(900));
            Assert.InRange(Offset, TimeSpan.Zero, TimeSpan.FromMilliseconds(11));
        }

        Assert.Equal(TimeSpan.Zero, Offset);
    }

    [Fact]
    public void A_wall_clock_that_is_a_millisecond_ahead_is_followed_at_the_next_check()
    {
        _machine.Step = TimeSpan.FromMilliseconds(1);

        _machine.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, Offset);
    }

    [Fact]
    public void A_wall_clock_that_is_ahead_for_two_minutes_and_corrected_does_not_move_this_clock()
    {
        _machine.Step = TimeSpan.FromHours(1);
        for (var i = 0; i < 120; i++) _machine.Advance(TimeSpan.FromSeconds(1));
        _machine.Step = TimeSpan.Zero;

        Assert.Equal(TestData.Start.AddMinutes(2), _clock.GetUtcNow());
    }

    [Fact]
    public void A_wall_clock_that_stays_ahead_is_followed_after_the_adoption_delay()
    {
        _machine.Step = TimeSpan.FromHours(25);

        for (var i = 0; i < 180; i++) _machine.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Offset, TimeSpan.MinValue, TimeSpan.FromHours(-24));
        for (var i = 0; i < 2; i++) _machine.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, Offset);
    }

    [Fact]
    public void A_step_ahead_with_which_the_database_agrees_is_followed_at_once()
    {
        _machine.Step = TimeSpan.FromHours(1);

        _clock.FollowStepAhead(TestData.Start);
        Assert.Equal(TestData.Start, _clock.GetUtcNow());
        _clock.FollowStepAhead(TestData.Start.AddHours(1));

        Assert.Equal(TestData.Start.AddHours(1), _clock.GetUtcNow());
    }
}

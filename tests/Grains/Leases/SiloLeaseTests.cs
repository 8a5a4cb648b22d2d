using KeysCluster.Grains.Leases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class SiloLeaseTests : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly TestLeaseTable _table;
    private readonly SiloLease _lease;
    private int _lost;

    public SiloLeaseTests()
    {
        _table = new TestLeaseTable(_clock);
        _lease = new SiloLease(_table, new TestSilo(1), new LeaseOptions(Length), _clock, NullLogger<SiloLease>.Instance);
        _lease.Lost += () => _lost++;
    }

    public void Dispose() => _lease.Dispose();

    [Fact]
    public async Task There_is_none_until_it_is_acquired()
    {
        Assert.Equal(0, _lease.Epoch);
        Assert.True(await Renew());
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task Its_holder_trusts_it_for_a_twentieth_less_than_its_length()
    {
        await Renew();

        _clock.Advance(Length * 0.95 - Sample.Millisecond);
        Assert.NotEqual(0, _lease.Epoch);
        _clock.Advance(Sample.Millisecond);
        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task Renewed_in_time_it_goes_on_in_the_same_epoch()
    {
        await Renew();
        var epoch = _lease.Epoch;

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Length / 3);
            Assert.True(await Renew());
        }

        Assert.Equal((epoch, 0), (_lease.Epoch, _lost));
    }

    [Fact]
    public async Task It_counts_from_before_the_table_was_asked()
    {
        _table.BeforeAnswer = () => _clock.Advance(Length * 0.95);
        await Renew();

        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task One_that_lapsed_is_given_up_and_the_next_one_has_another_epoch()
    {
        await Renew();
        var epoch = _lease.Epoch;
        var id = _table.Ids.Single();

        _clock.Advance(Length * 0.96);
        Assert.True(await Renew());

        Assert.Equal(1, _lost);
        Assert.NotEqual(epoch, _lease.Epoch);
        Assert.NotEqual(0, _lease.Epoch);
        Assert.NotEqual(id, _table.Ids.Single());
    }

    [Fact]
    public async Task A_renewal_whose_answer_comes_after_the_end_prolongs_nothing()
    {
        await Renew();
        var epoch = _lease.Epoch;

        _clock.Advance(Length / 2);
        _table.BeforeAnswer = () =>
        {
            _table.BeforeAnswer = null;
            _clock.Advance(Length / 2);
        };
        await Renew();

        Assert.Equal(1, _lost);
        Assert.NotEqual(epoch, _lease.Epoch);
    }

    [Fact]
    public async Task One_that_others_broke_is_forgotten_before_its_row_goes()
    {
        await Renew();
        var id = _table.Ids.Single();
        await _table.Break([id], CancellationToken.None);
        var wasThere = false;
        _lease.Lost += () => wasThere = _table.Ids.Contains(id) && _lease.Epoch == 0;

        await Renew();

        Assert.True(wasThere);
        Assert.DoesNotContain(id, _table.Ids);
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task While_the_table_is_away_it_lasts_to_its_end_and_comes_back_by_itself()
    {
        await Renew();
        var epoch = _lease.Epoch;
        _table.Failure = new TimeoutException();

        _clock.Advance(Length / 3);
        Assert.False(await Renew());
        Assert.Equal((epoch, 0), (_lease.Epoch, _lost));

        _clock.Advance(Length);
        Assert.False(await Renew());
        Assert.False(await Renew());
        Assert.Equal((0, 1), (_lease.Epoch, _lost));

        _table.Failure = null;
        Assert.True(await Renew());
        Assert.NotEqual(0, _lease.Epoch);
        Assert.Single(_table.Ids);
    }

    [Fact]
    public async Task A_clock_that_was_set_ahead_ends_it()
    {
        await Renew();

        _clock.AdjustTime(_clock.GetUtcNow() + Length);

        Assert.Equal(0, _lease.Epoch);
    }

    private Task<bool> Renew() => _lease.Renew(CancellationToken.None);
}

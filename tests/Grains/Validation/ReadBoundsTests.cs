using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>How much a flood can have storage do, and how much of it can wait.</summary>
public sealed class ReadBoundsTests : IDisposable
{
    private const int MostStrangers = StateReader<VirtualKeyState>.MostStrangers;

    private readonly ValidatingSilo _silo = new(capacity: 4000);

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task Secrets_of_unknown_keys_beyond_the_queue_are_told_at_once_that_it_cannot_be_told()
    {
        _silo.Rows.Close();
        var answers = await Call(MostStrangers + 500, ValidatingSilo.Unknown);

        Assert.Equal(500, answers.Count(answer => answer.IsCompletedSuccessfully && answer.Result == Verdict.Unavailable));
        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == ReadTurns.StrangersAtOnce);
        Assert.Equal(MostStrangers, _silo.Reader.Waiting);

        _silo.Rows.Open();
        var verdicts = await Task.WhenAll(answers);
        Assert.Equal(MostStrangers, verdicts.Count(verdict => verdict == Verdict.NotFound));
        await _silo.ExpectNothingLeft();
    }

    [Fact]
    public async Task A_key_that_the_silo_has_seen_is_read_while_unknown_ones_fill_their_queue()
    {
        var known = _silo.Store();
        await _silo.Expect(VerdictCode.Active, known);
        _silo.Clock.Advance(MemoryLimits.LongestUse);
        var before = _silo.Rows.Reads;
        _silo.Rows.Close();
        var answers = await Call(MostStrangers + 500, ValidatingSilo.Unknown);
        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == ReadTurns.StrangersAtOnce);

        var answer = _silo.Validate(known).AsTask();

        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == ReadTurns.StrangersAtOnce + 1);
        Assert.Equal(before + ReadTurns.StrangersAtOnce + 1, _silo.Rows.Reads);
        _silo.Rows.Open();
        Assert.Equal(VerdictCode.Active, (await answer).Code);
        await Task.WhenAll(answers);
    }

    [Fact]
    public async Task Known_keys_take_every_connection_and_no_more()
    {
        var known = Enumerable.Range(0, 3000).Select(_ => _silo.Store()).ToList();
        await _silo.Expect(VerdictCode.Active, known);
        _silo.Clock.Advance(MemoryLimits.LongestUse);
        _silo.Rows.Close();

        var next = 0;
        var answers = await Call(known.Count, () => known[next++]);

        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == ReadTurns.AtOnce);
        Assert.Equal(2 * MostStrangers, _silo.Reader.Waiting);
        _silo.Rows.Open();
        var verdicts = await Task.WhenAll(answers);
        Assert.Equal(2 * MostStrangers, verdicts.Count(verdict => verdict.Code == VerdictCode.Active));
        await _silo.ExpectNothingLeft();
    }

    [Fact]
    public async Task Wrong_secrets_of_one_key_cost_a_read_at_a_time_and_hold_up_no_other_key()
    {
        var (hot, other, cold) = (_silo.Store(), _silo.Store(), _silo.Store());
        await _silo.Expect(VerdictCode.Active, hot, other);
        var before = _silo.Rows.Reads;
        _silo.Rows.Close();

        var wrong = await Call(10_000, () => ValidatingSilo.Wrong(hot));
        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == 1);
        await _silo.Expect(VerdictCode.Active, hot, other);
        var read = _silo.Validate(cold).AsTask();
        await KeysTestCluster.Until(() => _silo.Rows.UnderWay == 2);

        _silo.Rows.Open();
        Assert.All(await Task.WhenAll(wrong), verdict => Assert.Equal(Verdict.NotFound, verdict));
        Assert.Equal(VerdictCode.Active, (await read).Code);
        Assert.Equal(before + 3, _silo.Rows.Reads);
    }

    [Fact]
    public async Task More_callers_than_fit_into_memory_are_refused()
    {
        var hot = _silo.Store();
        _silo.Rows.Close();

        var answers = await Call(StateReader<VirtualKeyState>.MostCallers + 500, () => hot);

        Assert.Equal(500, answers.Count(answer => answer.IsCompletedSuccessfully && answer.Result == Verdict.Unavailable));
        _silo.Rows.Open();
        await Task.WhenAll(answers);
        Assert.Equal(VerdictCode.Active, (await _silo.Validate(hot)).Code);
    }

    [Theory]
    [InlineData(false, ReadTurns.StrangersAtOnce)]
    [InlineData(true, ReadTurns.AtOnce)]
    public async Task A_read_whose_turn_does_not_come_in_time_is_not_made(bool isKnown, int atOnce)
    {
        var turns = new ReadTurns { Patience = TimeSpan.Zero };
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = 0;
        var underWay = Enumerable.Range(0, atOnce).Select(_ => Read()).ToList();

        await Assert.ThrowsAsync<StorageUnavailableException>(Read);
        Assert.Equal(atOnce, reads);

        end.SetResult(1);
        await Task.WhenAll(underWay);
        Assert.Equal(1, await Read());

        Task<int> Read() => turns.Run(isKnown, () =>
        {
            Interlocked.Increment(ref reads);
            return end.Task;
        });
    }

    [Fact]
    public void A_secret_that_many_find_out_at_once_is_remembered_once()
    {
        var held = new HeldState<VirtualKeyState>(null, 1, Sample.Start, 0);
        var fingerprint = ValidatingSilo.Unknown().Fingerprint();
        var stored = Sample.Stored(ValidatingSilo.Unknown(), Sample.Start);

        Assert.Same(held.Remember(fingerprint, stored), held.Remember(fingerprint, stored));
        Assert.Same(held.Verified(fingerprint), held.Remember(fingerprint, stored));
    }

    /// <summary>Begins validations, off the tests' own context, through which no service passes its calls.</summary>
    private Task<List<Task<Verdict>>> Call(int count, Func<Secret> secret) => Task.Run(() =>
        Enumerable.Range(0, count).Select(_ => _silo.Validate(secret()).AsTask()).ToList());
}

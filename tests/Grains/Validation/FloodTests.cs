using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Alone on the process, since memory is measured.</summary>
[CollectionDefinition(nameof(FloodTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(FloodTests))]
public sealed class FloodTests : IDisposable
{
    private const int Million = 1_000_000;

    /// <summary>A flood that left as little as 32 bytes a secret behind would show.</summary>
    private const long NoGrowth = 32_000_000;

    private readonly ValidatingSilo _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task A_million_secrets_of_unknown_keys_leave_the_known_ones_in_memory_and_nothing_behind()
    {
        var known = await Known(500);
        await _silo.Flood(10_000, ValidatingSilo.Unknown, VerdictCode.NotFound);
        var (memory, reads) = (GC.GetTotalMemory(forceFullCollection: true), _silo.Rows.Reads);

        await _silo.Flood(Million, ValidatingSilo.Unknown, VerdictCode.NotFound);

        Assert.Equal(reads + Million, _silo.Rows.Reads);
        await _silo.Expect(VerdictCode.Active, known);
        Assert.Equal((reads + Million, known.Length), (_silo.Rows.Reads, _silo.Held.Count));
        await _silo.ExpectNothingLeft();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, NoGrowth);
    }

    [Fact]
    public async Task A_known_secret_costs_no_allocation_and_no_read()
    {
        var text = (await Known(1))[0].Reveal();
        var reads = _silo.Rows.Reads;

        Hit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Hit();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, reads), (allocated, _silo.Rows.Reads));

        void Hit()
        {
            var answer = _silo.Validate(text);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid) throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task A_million_texts_that_are_no_secrets_cost_no_read()
    {
        for (var i = 0; i < Million; i++)
        {
            var answer = _silo.Validate($"vk-lw-live_{i}");
            if (!answer.IsCompletedSuccessfully || await answer != Verdict.Malformed) throw new InvalidOperationException();
        }

        Assert.Equal(0, _silo.Rows.Reads);
    }

    [Fact]
    public async Task A_storm_of_revoked_and_of_ended_secrets_costs_a_read_a_key()
    {
        var known = await Known(500);
        var revoked = Stored(100, state => state with { RevokedAt = Sample.Start });
        var ended = Stored(100, state => state with { Secrets = Ended(state.Secrets) });
        _silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await _silo.Expect(VerdictCode.Revoked, revoked);
        await _silo.Expect(VerdictCode.ExpiredSecret, ended);
        var reads = _silo.Rows.Reads;

        var turn = 0;
        await _silo.Flood(Million / 2, () => revoked[Interlocked.Increment(ref turn) % 100], VerdictCode.Revoked);
        await _silo.Flood(Million / 2, () => ended[Interlocked.Increment(ref turn) % 100], VerdictCode.ExpiredSecret);

        await _silo.Expect(VerdictCode.Active, known);
        Assert.Equal((700, reads), (_silo.Held.Count, _silo.Rows.Reads));
    }

    [Fact]
    public async Task A_storm_of_disabled_and_of_expired_keys_costs_reads_and_moves_no_other_key()
    {
        var known = await Known(500);
        var disabled = Stored(100, state => state with { DisabledAt = Sample.Start });
        var expired = Stored(100, state => state with { ExpiresAt = Sample.Start });
        var turn = 0;

        await _silo.Flood(50_000, () => disabled[Interlocked.Increment(ref turn) % 100], VerdictCode.Disabled);
        await _silo.Flood(50_000, () => expired[Interlocked.Increment(ref turn) % 100], VerdictCode.Expired);

        var reads = _silo.Rows.Reads;
        await _silo.Expect(VerdictCode.Active, known);
        Assert.Equal((700, reads), (_silo.Held.Count, _silo.Rows.Reads));
        await _silo.ExpectNothingLeft();
    }

    [Fact]
    public async Task Known_keys_beyond_the_bound_evict_each_other_and_not_those_in_use()
    {
        var hot = await Known(100);
        await _silo.Expect(VerdictCode.Active, hot);
        var cold = Stored(20_000);
        foreach (var some in cold.Chunk(100))
        {
            await _silo.Expect(VerdictCode.Active, some);
            await _silo.Expect(VerdictCode.Active, hot);
        }

        Assert.Equal(hot.Length + cold.Length, _silo.Rows.Reads);
        Assert.InRange(_silo.Held.Count, 500, 1000);
    }

    [Fact]
    public async Task A_million_keys_that_are_used_once_do_not_queue_without_limit()
    {
        using var silo = new ValidatingSilo();
        var verdict = await silo.Validate(silo.Store());
        var stored = Sample.Stored(ValidatingSilo.Unknown(), Sample.Start);

        for (var i = 0; i < Million; i++) silo.Uses.OfVirtualKey(verdict, new VerifiedSecret(default, stored), Sample.Start);

        Assert.Equal(100_000, silo.Uses.Waiting);
        await silo.ExpectNothingLeft();
    }

    private static SecretSet Ended(SecretSet secrets) => new()
    {
        Current = Sample.Stored(ValidatingSilo.Unknown(), Sample.Start),
        Replaced = [secrets.Current with { ValidUntil = Sample.Start }],
    };

    private Secret[] Stored(int count, Func<VirtualKeyState, VirtualKeyState>? change = null) =>
        [.. Enumerable.Range(0, count).Select(_ => _silo.Store(change))];

    /// <summary>Keys whose secrets this silo has in memory.</summary>
    private async Task<Secret[]> Known(int count)
    {
        var known = Stored(count);
        await _silo.Expect(VerdictCode.Active, known);
        return known;
    }
}

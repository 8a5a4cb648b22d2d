using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Grains.Verification;

namespace KeysCluster.Grains.Tests.Validation;

public sealed class CoalescingReaderTests
{
    private readonly List<TaskCompletionSource<int>> _startedReads = [];
    private readonly CoalescingReader<string, int> _reader;

    public CoalescingReaderTests() => _reader = new CoalescingReader<string, int>(_ =>
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_startedReads) _startedReads.Add(read);
        return read.Task;
    });

    [Fact]
    public async Task Callers_that_arrive_during_a_read_share_the_next_one()
    {
        var first = ReadAsync("key");
        await WaitForStartedReadsAsync(1);
        Task<int>[] later = [ReadAsync("key"), ReadAsync("key"), ReadAsync("key")];

        _startedReads[0].SetResult(1);
        Assert.Equal(1, await first);
        await WaitForStartedReadsAsync(2);
        _startedReads[1].SetResult(2);

        int[] expected = [2, 2, 2];
        Assert.Equal(expected, await Task.WhenAll(later));
        Assert.Equal(2, _startedReads.Count);
    }

    [Fact]
    public async Task A_caller_never_gets_the_result_of_a_read_that_started_before_its_call()
    {
        var first = ReadAsync("key");
        await WaitForStartedReadsAsync(1);
        var second = ReadAsync("key");
        _startedReads[0].SetResult(1);
        await first;
        await WaitForStartedReadsAsync(2);
        var third = ReadAsync("key");
        _startedReads[1].SetResult(2);
        await WaitForStartedReadsAsync(3);
        _startedReads[2].SetResult(3);

        Assert.Equal((2, 3), (await second, await third));
    }

    [Fact]
    public async Task Different_keys_are_read_concurrently()
    {
        _ = ReadAsync("one");
        _ = ReadAsync("other");

        await WaitForStartedReadsAsync(2);
    }

    [Fact]
    public async Task A_failed_read_fails_only_the_callers_that_share_it()
    {
        var failed = ReadAsync("key");
        await WaitForStartedReadsAsync(1);
        var next = ReadAsync("key");
        _startedReads[0].SetException(new IOException());

        await Assert.ThrowsAsync<IOException>(() => failed);
        await WaitForStartedReadsAsync(2);
        _startedReads[1].SetResult(2);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task At_the_limit_only_keys_with_a_read_in_flight_accept_callers()
    {
        _ = ReadAsync("one");
        _ = ReadAsync("two");

        Assert.Null(_reader.TryReadAsync("three", most: 2));
        Assert.NotNull(_reader.TryReadAsync("two", most: 2));

        await WaitForStartedReadsAsync(2);
        _startedReads.ForEach(read => read.SetResult(1));
        await WaitForStartedReadsAsync(3);
        Assert.Equal(1, _reader.Count);
        _startedReads[2].SetResult(1);
    }

    private Task<int> ReadAsync(string key) => _reader.TryReadAsync(key, most: 10)!;

    private Task WaitForStartedReadsAsync(int count) => Task.Run(async () =>
    {
        while (true)
        {
            lock (_startedReads)
            {
                if (_startedReads.Count >= count) return;
            }

            await Task.Delay(1);
        }
    }).WaitAsync(KeysTestCluster.WaitTimeout);
}

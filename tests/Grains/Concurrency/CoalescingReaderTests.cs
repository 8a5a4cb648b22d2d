using System.Threading.Channels;
using KeysCluster.Grains.Concurrency;

namespace KeysCluster.Grains.Tests.Concurrency;

public sealed class CoalescingReaderTests
{
    private readonly Channel<TaskCompletionSource<int>> _startedReads =
        Channel.CreateUnbounded<TaskCompletionSource<int>>();

    private readonly CoalescingReader<string, int> _reader;

    public CoalescingReaderTests() => _reader = new(StartReadAsync);

    [Fact]
    public async Task Callers_that_arrive_during_a_read_share_the_next_one()
    {
        var first = ReadAsync("key");
        var firstRead = await WaitForStartedReadAsync();
        Task<int>[] later = [ReadAsync("key"), ReadAsync("key"), ReadAsync("key")];

        firstRead.SetResult(1);
        Assert.Equal(1, await first);
        (await WaitForStartedReadAsync()).SetResult(2);

        int[] expected = [2, 2, 2];
        Assert.Equal(expected, await Task.WhenAll(later));
        AssertNoOtherReadStarted();
    }

    [Fact]
    public async Task A_caller_never_gets_the_result_of_a_read_that_started_before_its_call()
    {
        var first = ReadAsync("key");
        var firstRead = await WaitForStartedReadAsync();
        var second = ReadAsync("key");
        firstRead.SetResult(1);
        await first;
        var secondRead = await WaitForStartedReadAsync();
        var third = ReadAsync("key");
        secondRead.SetResult(2);
        (await WaitForStartedReadAsync()).SetResult(3);

        Assert.Equal((2, 3), (await second, await third));
    }

    [Fact]
    public async Task Different_keys_are_read_concurrently()
    {
        _ = ReadAsync("one");
        _ = ReadAsync("other");

        await WaitForStartedReadAsync();
        await WaitForStartedReadAsync();
    }

    [Fact]
    public async Task A_failed_read_fails_only_the_callers_that_share_it()
    {
        var failed = ReadAsync("key");
        var failedRead = await WaitForStartedReadAsync();
        var next = ReadAsync("key");
        failedRead.SetException(new IOException());

        await Assert.ThrowsAsync<IOException>(() => failed);
        (await WaitForStartedReadAsync()).SetResult(2);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task At_the_limit_only_keys_with_a_read_in_flight_accept_callers()
    {
        _ = ReadAsync("one");
        _ = ReadAsync("two");

        Assert.Null(_reader.TryJoinAsync("three", limit: 2));
        Assert.NotNull(_reader.TryJoinAsync("two", limit: 2));

        var (one, two) = (await WaitForStartedReadAsync(), await WaitForStartedReadAsync());
        one.SetResult(1);
        two.SetResult(1);
        var nextOfTwo = await WaitForStartedReadAsync();
        await Wait.UntilAsync(() => _reader.Count == 1);
        nextOfTwo.SetResult(1);
    }

    private Task<int> ReadAsync(string key) =>
        _reader.TryJoinAsync(key, limit: 10)!.WaitAsync(Wait.Timeout);

    /// <summary>A read that the test completes.</summary>
    private async Task<int> StartReadAsync(string key)
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _startedReads.Writer.WriteAsync(read);
        return await read.Task;
    }

    private Task<TaskCompletionSource<int>> WaitForStartedReadAsync() =>
        _startedReads.Reader.ReadAsync().AsTask().WaitAsync(Wait.Timeout);

    private void AssertNoOtherReadStarted() => Assert.False(_startedReads.Reader.TryPeek(out _));
}

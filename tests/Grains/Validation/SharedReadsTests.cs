using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Grains.Validation;

namespace KeysCluster.Grains.Tests.Validation;

public sealed class SharedReadsTests
{
    private readonly List<TaskCompletionSource<int>> _begun = [];
    private readonly SharedReads<string, int> _reads;

    public SharedReadsTests() => _reads = new SharedReads<string, int>(_ =>
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_begun) _begun.Add(read);
        return read.Task;
    });

    [Fact]
    public async Task Who_asks_while_a_read_is_under_way_shares_the_next_one()
    {
        var first = Read("key");
        await Begun(1);
        Task<int>[] later = [Read("key"), Read("key"), Read("key")];

        _begun[0].SetResult(1);
        Assert.Equal(1, await first);
        await Begun(2);
        _begun[1].SetResult(2);

        int[] expected = [2, 2, 2];
        Assert.Equal(expected, await Task.WhenAll(later));
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task Who_asks_while_others_wait_is_not_given_the_read_that_began_before()
    {
        var first = Read("key");
        await Begun(1);
        var second = Read("key");
        _begun[0].SetResult(1);
        await first;
        await Begun(2);
        var third = Read("key");
        _begun[1].SetResult(2);
        await Begun(3);
        _begun[2].SetResult(3);

        Assert.Equal((2, 3), (await second, await third));
    }

    [Fact]
    public async Task Different_things_are_read_at_once()
    {
        _ = Read("one");
        _ = Read("other");

        await Begun(2);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_asked_and_not_to_those_who_ask_next()
    {
        var failed = Read("key");
        await Begun(1);
        var next = Read("key");
        _begun[0].SetException(new IOException());

        await Assert.ThrowsAsync<IOException>(() => failed);
        await Begun(2);
        _begun[1].SetResult(2);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Beyond_the_most_only_what_is_asked_for_already_is_read()
    {
        _ = Read("one");
        _ = Read("two");

        Assert.Null(_reads.TryRead("three", most: 2));
        Assert.NotNull(_reads.TryRead("two", most: 2));

        await Begun(2);
        _begun.ForEach(read => read.SetResult(1));
        await Begun(3);
        Assert.Equal(1, _reads.Count);
        _begun[2].SetResult(1);
    }

    private Task<int> Read(string key) => _reads.TryRead(key, most: 10)!;

    private Task Begun(int count) => Task.Run(async () =>
    {
        while (true)
        {
            lock (_begun)
            {
                if (_begun.Count >= count) return;
            }

            await Task.Delay(1);
        }
    }).WaitAsync(KeysTestCluster.Patience);
}

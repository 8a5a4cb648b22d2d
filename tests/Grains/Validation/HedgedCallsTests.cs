using KeysCluster.Storage;
using KeysCluster.Validation.Clients;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Timeout;

namespace KeysCluster.Grains.Tests.Validation;

public sealed class HedgedCallsTests
{
    private static readonly TimeSpan Timeout = 2 * HedgedCalls.MaxCalls * HedgedCalls.HedgingDelay;

    private readonly FakeTimeProvider _time = new();
    private readonly List<TaskCompletionSource<int>> _calls = [];
    private readonly ResiliencePipeline<int> _pipeline;

    public HedgedCallsTests() => _pipeline = HedgedCalls.CreatePipeline<int>(_time, Timeout);

    [Fact]
    public async Task A_call_that_returns_in_time_is_sent_once()
    {
        var result = SendAsync();
        _time.Advance(HedgedCalls.HedgingDelay - TimeSpan.FromTicks(1));
        _calls[0].SetResult(1);

        Assert.Equal(1, await result);
        _time.Advance(HedgedCalls.HedgingDelay);
        Assert.Single(_calls);
    }

    [Fact]
    public async Task A_slow_call_is_sent_again_and_the_first_result_counts()
    {
        var result = SendAsync();
        await AdvanceAsync(callCount: 2);
        _calls[1].SetResult(2);

        Assert.Equal(2, await result);
    }

    [Fact]
    public async Task The_first_call_may_still_return_first()
    {
        var result = SendAsync();
        await AdvanceAsync(callCount: 2);
        _calls[0].SetResult(1);

        Assert.Equal(1, await result);
    }

    [Fact]
    public async Task A_failed_call_is_sent_again_at_once()
    {
        var result = SendAsync();
        _calls[0].SetException(new StorageUnavailableException());
        await WaitForCallsAsync(2);
        _calls[1].SetResult(2);

        Assert.Equal(2, await result);
    }

    [Fact]
    public async Task Silos_that_hang_are_called_at_most_as_often_as_permitted_and_the_last_failure_is_thrown()
    {
        var result = SendAsync();
        for (var count = 2; count <= HedgedCalls.MaxCalls; count++) await AdvanceAsync(count);
        _time.Advance(HedgedCalls.HedgingDelay);
        Assert.Equal(HedgedCalls.MaxCalls, _calls.Count);

        foreach (var call in _calls) call.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => result);
        Assert.Equal(HedgedCalls.MaxCalls, _calls.Count);
    }

    [Fact]
    public async Task Silos_that_hang_delay_a_caller_no_longer_than_the_timeout()
    {
        var result = SendAsync();
        for (var count = 2; count <= HedgedCalls.MaxCalls; count++) await AdvanceAsync(count);
        _time.Advance(Timeout);

        var exception = await Assert.ThrowsAsync<TimeoutRejectedException>(() => result.WaitAsync(Wait.Timeout));
        Assert.True(HedgedCalls.IsTransient(exception));
    }

    [Fact]
    public async Task A_bug_is_not_retried()
    {
        var result = SendAsync();
        _calls[0].SetException(new InvalidOperationException());

        await Assert.ThrowsAsync<InvalidOperationException>(() => result);
        Assert.Single(_calls);
    }

    private Task<int> SendAsync() => _pipeline.ExecuteAsync(async cancellation =>
    {
        var call = new TaskCompletionSource<int>();
        _calls.Add(call);
        return await call.Task.WaitAsync(cancellation);
    }).AsTask();

    /// <summary>Advances until a call was sent again. The timer may start a moment after the call was sent.</summary>
    private Task AdvanceAsync(int callCount) => Wait.UntilAsync(() =>
    {
        if (_calls.Count < callCount) _time.Advance(HedgedCalls.HedgingDelay);
        return Task.FromResult(_calls.Count >= callCount);
    });

    private Task WaitForCallsAsync(int count) => Wait.UntilAsync(() => Task.FromResult(_calls.Count == count));
}

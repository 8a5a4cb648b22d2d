using KeysCluster.Grains.Deliveries;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>When a silo stops sending because another one may lead.</summary>
public sealed class WebhookLeadershipTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryDeliveries _deliveries = new();

    [Fact]
    public async Task A_silo_whose_extensions_hang_stops_before_another_one_may_lead()
    {
        await using var keeping = await LeadAsync();
        _deliveries.Leading = () => new TaskCompletionSource<bool>().Task;

        var stoppedAfter = await AdvanceUntilStoppedAsync(keeping);

        Assert.InRange(
            stoppedAfter, WebhookLeadership.MaxExtensionTime - Step, WebhookLeadership.Duration - Step);
    }

    [Fact]
    public async Task A_silo_whose_extensions_fail_stops_before_another_one_may_lead()
    {
        await using var keeping = await LeadAsync();
        _deliveries.Leading = () => throw new TimeoutException("The database does not answer.");

        var stoppedAfter = await AdvanceUntilStoppedAsync(keeping);

        Assert.True(stoppedAfter < WebhookLeadership.Duration);
    }

    [Fact]
    public async Task A_silo_stops_when_another_one_leads()
    {
        await using var keeping = await LeadAsync();
        _deliveries.Leading = () => Task.FromResult(false);

        var stoppedAfter = await AdvanceUntilStoppedAsync(keeping);

        Assert.True(stoppedAfter < WebhookLeadership.MaxExtensionTime);
    }

    [Fact]
    public async Task A_silo_leads_on_when_one_of_its_extensions_fails()
    {
        await using var keeping = await LeadAsync();
        var extensions = 0;
        _deliveries.Leading = () => Interlocked.Increment(ref extensions) == 1
            ? throw new TimeoutException("The database does not answer.")
            : Task.FromResult(true);

        await AdvanceUntilAsync(() => Volatile.Read(ref extensions) >= 8);

        Assert.False(keeping.Leading.IsCancellationRequested);
    }

    private async Task<Keeping> LeadAsync()
    {
        var leadership = new WebhookLeadership(_deliveries, _clock, new FakeLogger<WebhookLeadership>());
        Assert.True((await leadership.TryAcquireAsync(default)).IsLeader);
        var leading = new CancellationTokenSource();
        return new Keeping(leading, leadership.KeepAsync(leading));
    }

    private async Task<TimeSpan> AdvanceUntilStoppedAsync(Keeping keeping)
    {
        var startedAt = _clock.GetTimestamp();
        await AdvanceUntilAsync(() => keeping.Leading.IsCancellationRequested);
        return _clock.GetElapsedTime(startedAt);
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Wait.UntilAsync(() =>
    {
        if (condition()) return true;
        _clock.Advance(Step);
        return false;
    });

    private sealed record Keeping(CancellationTokenSource Leading, Task Task) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Leading.CancelAsync();
            await Task;
            Leading.Dispose();
        }
    }
}

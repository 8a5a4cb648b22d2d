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

        while (Volatile.Read(ref extensions) < 8) await AdvanceAsync();

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
        while (!keeping.Leading.IsCancellationRequested
            && _clock.GetElapsedTime(startedAt) < 3 * WebhookLeadership.Duration)
            await AdvanceAsync();
        return _clock.GetElapsedTime(startedAt);
    }

    /// <summary>Advances the clock, and lets what waits for it continue.</summary>
    private async Task AdvanceAsync()
    {
        _clock.Advance(Step);
        await Task.Delay(TimeSpan.FromMilliseconds(5));
    }

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

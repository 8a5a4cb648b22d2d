using System.Diagnostics;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Pushes an invalidation to every lease holder, and waits until each one has acknowledged it, has applied the event of
/// the change, or has lost its lease. Nothing has to be remembered when it fails: the event is in the log, which every
/// holder applies before it renews its lease. Sources: docs/adr/0007-leases.md, docs/model/lease.pml.
/// </summary>
internal sealed partial class LeaseFence(
    ILeaseStore store,
    LeaseTable table,
    IInvalidationClient client,
    ILocalSiloDetails self,
    InvalidationMetrics metrics,
    TimeProvider time,
    ILogger<LeaseFence> logger)
    : IInvalidationFence
{
    /// <summary>
    /// How long acknowledgements are awaited before the event log is considered as well. A healthy holder takes a few
    /// milliseconds.
    /// </summary>
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromMilliseconds(500);

    public async Task InvalidateAndWaitAsync(GrainId owner, long revision)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            // The holders that are known already are invalidated while the table is read.
            var pushes = table.Latest.Where(IsOther).ToDictionary(
                lease => lease.Id, lease => client.InvalidateAsync(lease, owner, revision));

            // Read after the commit: a lease that is acquired later has a position that contains the commit.
            var pending = (await table.ReadAsync()).Where(IsOther).ToList();
            foreach (var lease in pending.Where(lease => !pushes.ContainsKey(lease.Id)))
                pushes.Add(lease.Id, client.InvalidateAsync(lease, owner, revision));

            await Task.WhenAny(
                Task.WhenAll(pending.Select(lease => pushes[lease.Id])), Task.Delay(AcknowledgeTimeout, time));
            pending.RemoveAll(HasAcknowledged);
            if (pending.Count > 0) await WaitForLogAsync(owner, pending, HasAcknowledged);
            metrics.RecordWait(startedAt, isConfirmed: true);

            bool HasAcknowledged(Lease lease) =>
                lease.IsOnCurrentTimeline && pushes[lease.Id] is { IsCompletedSuccessfully: true, Result: true };
        }
        catch (Exception exception)
        {
            metrics.RecordWait(startedAt, isConfirmed: false);
            LogNotConfirmed(logger, exception, owner);
            throw new StorageUnavailableException();
        }
    }

    public void Push(GrainId owner, long revision)
    {
        foreach (var lease in table.Latest.Where(IsOther)) _ = client.InvalidateAsync(lease, owner, revision);
    }

    /// <summary>
    /// Waits until each holder has applied the last event of the owner, or its lease has expired. A client that renews
    /// its lease and has not applied the event after one duration may not renew it again: it takes three renewals at
    /// most, of its silo, of itself, and the one that writes the position. A client could delay changes for ever.
    /// </summary>
    private async Task WaitForLogAsync(GrainId owner, List<Lease> pending, Predicate<Lease> hasAcknowledged)
    {
        LogWaiting(logger, string.Join(", ", pending.Select(lease => lease.Holder).Distinct()));
        var transaction = await store.GetLastTransactionAsync(owner, CancellationToken.None);
        var ids = pending.Select(lease => lease.Id).ToHashSet();
        var startedAt = time.GetTimestamp();
        while (true)
        {
            pending = [.. (await table.ReadAsync()).Where(lease => ids.Contains(lease.Id))];
            pending.RemoveAll(hasAcknowledged);
            pending.RemoveAll(lease => transaction?.IsAppliedBy(lease.Applied) == true);
            if (pending.Count == 0) return;
            foreach (var lease in pending.Where(IsLaggingClient)) await StopRenewalAsync(lease);
            await Task.Delay(pending.Min(lease => lease.Duration) / 10, time);
        }

        bool IsLaggingClient(Lease lease) =>
            lease.Holder.Client is not null
            && lease.IsOnCurrentTimeline
            && time.GetElapsedTime(startedAt) >= lease.Duration;
    }

    private async Task StopRenewalAsync(Lease lease)
    {
        LogClientLagging(logger, lease.Holder);
        await store.StopRenewalAsync(lease.Id, CancellationToken.None);
    }

    private bool IsOther(Lease lease) => lease.Holder.Silo is not { } silo || !silo.Equals(self.SiloAddress);
}

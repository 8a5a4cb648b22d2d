using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Invalidates every lease holder, silos first and then their clients, and waits for the lease of each one that does
/// not acknowledge to expire. The lease table, not the cluster membership, decides who must acknowledge: a silo that
/// was declared dead may still answer until its lease expires. Sources: docs/adr/0007-leases.md,
/// docs/adr/0008-clients-with-leases.md.
/// </summary>
internal sealed partial class LeaseFence(
    ILeaseStore store,
    IInvalidationClient client,
    ISiloStatusOracle membership,
    ILocalSiloDetails self,
    TimeProvider time,
    ILogger<LeaseFence> logger)
    : IInvalidationFence
{
    /// <summary>A holder that has not acknowledged by then is treated as unresponsive.</summary>
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>The time that a change waits at most for notifications on which no validity depends.</summary>
    private static readonly TimeSpan NotifyTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The interval at which the lease of an unresponsive holder is checked; it may be released early.
    /// </summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum age of the list of clients to notify.</summary>
    private static readonly TimeSpan ClientListMaxAge = TimeSpan.FromSeconds(1);

    private ClientList _clients = new([], default);

    public async Task InvalidateAndWaitAsync(GrainId owner, long revision)
    {
        try
        {
            // The silos that are likely to have a lease are invalidated while the lease table is read.
            var acknowledgements = OtherSilos().ToDictionary(
                holder => holder, holder => InvalidateAsync(holder, owner, revision));

            // Read after the commit: a silo that acquires a lease later reads the changed state.
            var leases = await store.GetActiveAsync(CancellationToken.None);
            var silos = leases.Where(lease => lease.Holder.Silo is { } silo && !silo.Equals(self.SiloAddress)).ToList();
            if (silos.Count > 0)
            {
                await InvalidateAndWaitAsync(silos, acknowledgements, owner, revision);

                // Read again after every silo has acknowledged: a client that acquires a lease later gets the changed
                // state from its silo.
                leases = await store.GetActiveAsync(CancellationToken.None);
            }

            await InvalidateAndWaitAsync([.. leases.Where(IsClientLease)], acknowledgements, owner, revision);
        }
        catch (Exception exception)
        {
            LogNotConfirmed(logger, exception, owner);
            throw new StorageUnavailableException();
        }
    }

    public async Task NotifyAsync(GrainId owner, long revision)
    {
        var notifications = OtherSilos()
            .Concat(await GetRecentClientsAsync())
            .Select(holder => InvalidateAsync(holder, owner, revision))
            .ToList();
        if (notifications.Count > 0)
            await Task.WhenAny(Task.WhenAll(notifications), Task.Delay(NotifyTimeout, time));
    }

    private static bool IsClientLease(ActiveLease lease) => lease.Holder.Client is not null;

    private static bool HasAcknowledged(Task<bool> acknowledgement) =>
        acknowledgement is { IsCompletedSuccessfully: true, Result: true };

    /// <summary>Returns the other silos that the membership considers active.</summary>
    private IEnumerable<LeaseHolder> OtherSilos() => membership.GetApproximateSiloStatuses(onlyActive: true).Keys
        .Where(silo => !silo.Equals(self.SiloAddress))
        .Select(LeaseHolder.ForSilo);

    /// <summary>
    /// Invalidates the holders of leases and waits until each has acknowledged or its lease has expired.
    /// </summary>
    /// <param name="leases">The leases.</param>
    /// <param name="acknowledgements">The invalidations that have been sent; the ones sent here are added.</param>
    /// <param name="owner">The grain of the changed key or project.</param>
    /// <param name="revision">The revision after the change.</param>
    private async Task InvalidateAndWaitAsync(
        List<ActiveLease> leases, Dictionary<LeaseHolder, Task<bool>> acknowledgements, GrainId owner, long revision)
    {
        if (leases.Count == 0) return;
        var holders = leases.Select(lease => lease.Holder).Distinct().ToList();
        foreach (var holder in holders.Except(acknowledgements.Keys).ToList())
            acknowledgements.Add(holder, InvalidateAsync(holder, owner, revision));

        await Task.WhenAny(
            Task.WhenAll(holders.Select(holder => acknowledgements[holder])), Task.Delay(AcknowledgeTimeout, time));
        var unresponsive = leases.Where(lease => !HasAcknowledged(acknowledgements[lease.Holder])).ToList();
        if (unresponsive.Count > 0) await WaitForExpiryAsync(unresponsive, acknowledgements);
    }

    private async Task WaitForExpiryAsync(
        List<ActiveLease> unresponsive, Dictionary<LeaseHolder, Task<bool>> acknowledgements)
    {
        LogWaitingForExpiry(logger, string.Join(", ", unresponsive.Select(lease => lease.Holder).Distinct()));
        await store.PreventRenewalAsync([.. unresponsive.Select(lease => lease.Id)], CancellationToken.None);
        while (true)
        {
            var active = (await store.GetActiveAsync(CancellationToken.None))
                .Where(lease => unresponsive.Any(other => other.Id == lease.Id)
                    && !HasAcknowledged(acknowledgements[lease.Holder]))
                .ToList();
            if (active.Count == 0) return;

            var remaining = active.Max(lease => lease.Remaining);
            await Task.Delay(remaining < PollInterval ? remaining : PollInterval, time);
        }
    }

    /// <summary>Returns the recent clients; when they cannot be read, the ones that were read before.</summary>
    private async Task<IReadOnlyList<LeaseHolder>> GetRecentClientsAsync()
    {
        var clients = _clients;
        if (clients.ReadAt != 0 && time.GetElapsedTime(clients.ReadAt) < ClientListMaxAge) return clients.Holders;
        var readAt = time.GetTimestamp();
        try
        {
            var leases = await store.GetActiveAsync(CancellationToken.None).WaitAsync(NotifyTimeout, time);
            clients = new([.. leases.Where(IsClientLease).Select(lease => lease.Holder)], readAt);
        }
        catch (Exception)
        {
            clients = clients with { ReadAt = readAt };
        }

        return (_clients = clients).Holders;
    }

    /// <summary>Returns whether the holder has acknowledged. Any failure counts as no acknowledgement.</summary>
    private async Task<bool> InvalidateAsync(LeaseHolder holder, GrainId owner, long revision)
    {
        try
        {
            await client.InvalidateAsync(holder, owner, revision);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <param name="Holders">The clients.</param>
    /// <param name="ReadAt">The monotonic time at which the lease table was read; 0 for never.</param>
    private sealed record ClientList(IReadOnlyList<LeaseHolder> Holders, long ReadAt);
}

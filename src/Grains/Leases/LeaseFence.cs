using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Asks everyone who holds a lease to forget, silos first and then their clients, and waits out the lease of each one that
/// does not answer. Who those are the database alone tells: a silo that the others hold for dead may go on answering until
/// its lease ends. Sources: docs/adr/0007-leases.md, docs/adr/0008-clients-with-leases.md.
/// </summary>
internal sealed partial class LeaseFence(
    ILeaseTable table,
    IInvalidationClient holders,
    ISiloStatusOracle membership,
    ILocalSiloDetails self,
    TimeProvider time,
    ILogger<LeaseFence> logger)
    : IValidityFence
{
    /// <summary>Who has not answered by then may be dead, hung or cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a change waits at most for others to hear what they need not know at once.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a silent holder's lease is looked at: it may have noticed by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it is good enough to know which clients there were, where nothing depends on it.</summary>
    private static readonly TimeSpan ClientsAreKnownFor = TimeSpan.FromSeconds(1);

    private Clients _clients = new([], default);

    public async Task Settle(GrainId owner, long revision)
    {
        try
        {
            // Silos that are there in all likelihood are told while it is read who holds a lease.
            var answers = OtherSilos().ToDictionary(holder => holder, holder => Invalidate(holder, owner, revision));

            // Read after the change was committed: a silo whose lease comes later reads the changed state.
            var leases = await table.Live(CancellationToken.None);
            var silos = leases.Where(lease => lease.Holder.Silo is { } silo && !silo.Equals(self.SiloAddress)).ToList();
            if (silos.Count > 0)
            {
                await Settle(silos, answers, owner, revision);

                // Read again now that every silo has forgotten: a client whose lease comes later hears of the changed state.
                leases = await table.Live(CancellationToken.None);
            }

            await Settle([.. leases.Where(IsClients)], answers, owner, revision);
        }
        catch (Exception exception)
        {
            LogNotSettled(logger, exception, owner);
            throw new StorageUnavailableException();
        }
    }

    public async Task Tell(GrainId owner, long revision)
    {
        var answers = OtherSilos().Concat(await KnownClients()).Select(holder => Invalidate(holder, owner, revision)).ToList();
        if (answers.Count > 0) await Task.WhenAny(Task.WhenAll(answers), Task.Delay(Courtesy, time));
    }

    private static bool IsClients(LiveLease lease) => lease.Holder.Client is not null;

    /// <summary>As far as this silo has heard.</summary>
    private IEnumerable<LeaseHolder> OtherSilos() => membership.GetApproximateSiloStatuses(onlyActive: true).Keys
        .Where(silo => !silo.Equals(self.SiloAddress))
        .Select(LeaseHolder.Of);

    /// <summary>Makes the holders of some leases forget.</summary>
    /// <param name="leases">The leases.</param>
    /// <param name="answers">Of those who were told already; the others' are added.</param>
    /// <param name="owner">What is to be forgotten.</param>
    /// <param name="revision">What is older than this.</param>
    private async Task Settle(
        List<LiveLease> leases, Dictionary<LeaseHolder, Task<bool>> answers, GrainId owner, long revision)
    {
        if (leases.Count == 0) return;
        var holders = leases.Select(lease => lease.Holder).Distinct().ToList();
        foreach (var holder in holders.Except(answers.Keys).ToList()) answers.Add(holder, Invalidate(holder, owner, revision));
        await Task.WhenAny(Task.WhenAll(holders.Select(holder => answers[holder])), Task.Delay(Patience, time));
        var silent = leases.Where(lease => !HasForgotten(answers[lease.Holder])).ToList();
        if (silent.Count > 0) await WaitOut(silent, answers);
    }

    /// <summary>The clients that were there a moment ago; when that cannot be read, those that were known before.</summary>
    private async Task<IReadOnlyList<LeaseHolder>> KnownClients()
    {
        var known = _clients;
        if (known.ReadAt != 0 && time.GetElapsedTime(known.ReadAt) < ClientsAreKnownFor) return known.Holders;
        var readAt = time.GetTimestamp();
        try
        {
            var leases = await table.Live(CancellationToken.None).WaitAsync(Courtesy, time);
            known = new([.. leases.Where(IsClients).Select(lease => lease.Holder)], readAt);
        }
        catch (Exception)
        {
            known = known with { ReadAt = readAt };
        }

        return (_clients = known).Holders;
    }

    private async Task WaitOut(List<LiveLease> silent, Dictionary<LeaseHolder, Task<bool>> answers)
    {
        LogWaiting(logger, string.Join(", ", silent.Select(lease => lease.Holder).Distinct()));
        await table.Break([.. silent.Select(lease => lease.Id)], CancellationToken.None);
        while (true)
        {
            var live = (await table.Live(CancellationToken.None))
                .Where(lease => silent.Any(other => other.Id == lease.Id) && !HasForgotten(answers[lease.Holder]))
                .ToList();
            if (live.Count == 0) return;

            var longest = live.Max(lease => lease.Remaining);
            await Task.Delay(longest < Pause ? longest : Pause, time);
        }
    }

    /// <summary>Whether the holder has said that it has forgotten; however it fails to, its lease is waited for.</summary>
    private async Task<bool> Invalidate(LeaseHolder holder, GrainId owner, long revision)
    {
        try
        {
            await holders.Invalidate(holder, owner, revision);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static bool HasForgotten(Task<bool> answer) => answer is { IsCompletedSuccessfully: true, Result: true };

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "Waiting for the leases of those who do not answer: {Holders}")]
    private static partial void LogWaiting(ILogger logger, string holders);

    [LoggerMessage(EventId = 24, Level = LogLevel.Error,
        Message = "Whether everyone has forgotten the old state of {Owner} is not known; the change is durable and not answered.")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, GrainId owner);

    /// <param name="Holders">Who they are.</param>
    /// <param name="ReadAt">When the table was asked, by the monotonic clock; 0 for never.</param>
    private sealed record Clients(IReadOnlyList<LeaseHolder> Holders, long ReadAt);
}

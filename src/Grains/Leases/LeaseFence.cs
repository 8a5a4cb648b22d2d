using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Asks every silo that holds a lease to forget, and waits out the lease of each one that does not answer. Which silos
/// those are the database alone tells: a silo that the others hold for dead may go on answering until its lease ends.
/// Source: docs/adr/0007-leases.md.
/// </summary>
internal sealed partial class LeaseFence(
    ILeaseTable table,
    IInvalidationClient silos,
    ISiloStatusOracle membership,
    ILocalSiloDetails self,
    TimeProvider time,
    ILogger<LeaseFence> logger)
    : IValidityFence
{
    /// <summary>A silo that has not answered by then may be dead, hung or cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a change waits at most for silos to hear what they need not know at once.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a silent silo's lease is looked at: it may have noticed by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task Settle(GrainId owner, long revision)
    {
        try
        {
            // Read after the change was committed: a silo whose lease comes later reads the changed state.
            var leases = await table.Live(CancellationToken.None);
            var others = leases.GroupBy(lease => lease.Holder).Where(holder => !holder.Key.Equals(self.SiloAddress)).ToList();
            if (others.Count == 0) return;

            var answers = others.ToDictionary(holder => holder.Key, holder => Invalidate(holder.Key, owner, revision));
            await Task.WhenAny(Task.WhenAll(answers.Values), Task.Delay(Patience, time));
            var silent = others.Where(holder => !HasForgotten(answers[holder.Key])).SelectMany(holder => holder).ToList();
            if (silent.Count > 0) await WaitOut(silent, answers);
        }
        catch (Exception exception)
        {
            LogNotSettled(logger, exception, owner);
            throw new StorageUnavailableException();
        }
    }

    public async Task Tell(GrainId owner, long revision)
    {
        var answers = membership.GetApproximateSiloStatuses(onlyActive: true).Keys
            .Where(silo => !silo.Equals(self.SiloAddress))
            .Select(silo => Invalidate(silo, owner, revision))
            .ToList();
        if (answers.Count > 0) await Task.WhenAny(Task.WhenAll(answers), Task.Delay(Courtesy, time));
    }

    private async Task WaitOut(IReadOnlyList<LiveLease> silent, Dictionary<SiloAddress, Task<bool>> answers)
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

    /// <summary>Whether the silo has said that it has forgotten; however it fails to, its lease is waited for.</summary>
    private async Task<bool> Invalidate(SiloAddress silo, GrainId owner, long revision)
    {
        try
        {
            await silos.Invalidate(silo, owner, revision);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static bool HasForgotten(Task<bool> answer) => answer is { IsCompletedSuccessfully: true, Result: true };

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "Waiting for the leases of silos that do not answer: {Silos}")]
    private static partial void LogWaiting(ILogger logger, string silos);

    [LoggerMessage(EventId = 24, Level = LogLevel.Error,
        Message = "Whether every silo has forgotten the old state of {Owner} is not known; the change is durable and not answered.")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, GrainId owner);
}

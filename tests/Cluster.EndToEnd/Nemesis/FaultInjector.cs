using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;

namespace KeysCluster.Cluster.EndToEnd.Nemesis;

/// <summary>
/// Brings faults on the cluster, one after the other, and takes each away again; restarts processes that end, as an
/// orchestrator does. The next fault waits until all is well, or, now and then, comes while a silo still recovers; one silo
/// at least is always unharmed.
/// </summary>
internal sealed class FaultInjector(ProcessCluster cluster, HistoryLog log, SeededRandom dice, Action<string> tell)
{
    private readonly FaultSchedule _schedule = new(dice, cluster.FrontEnds.Count > 0);
    private readonly Dictionary<NodeProcess, Task> _recoveries = [];

    public async Task RunAsync(TimeSpan duration)
    {
        var start = log.Now();
        using var watched = new CancellationTokenSource();
        var watch = RestartEndedNodesAsync(watched.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None);
        while (log.Now() - start < duration)
        {
            var kind = _schedule.Next();
            if (TargetsPostgres(kind)) await WaitForRecoveriesAsync();
            if (await InjectAsync(kind, _schedule.NextDuration(kind)) is not { } incident) continue;
            tell(incident.ToString());
            if (!dice.Chance(0.2) || cluster.Silos.Count < 3) await WaitForRecoveriesAsync();
            await Task.Delay(dice.NextDuration(1, 4), CancellationToken.None);
        }

        await WaitForRecoveriesAsync();
        await watched.CancelAsync();
        await watch;
        await WaitForRecoveriesAsync();
    }

    private static bool TargetsPostgres(IncidentKind kind) => kind is IncidentKind.RestartPostgres or IncidentKind.CrashPostgres;

    private async Task<Incident?> InjectAsync(IncidentKind kind, TimeSpan duration)
    {
        if (TargetsPostgres(kind)) return await InjectIntoPostgresAsync(kind, duration);
        if (kind is IncidentKind.KillFrontEnd or IncidentKind.PauseFrontEnd)
        {
            var frontEnd = dice.Pick(cluster.FrontEnds);
            return IsRecovering(frontEnd) ? null : await InjectAsync(kind, frontEnd, null, duration);
        }

        var unharmed = cluster.Silos.Where(silo => !IsRecovering(silo.Process)).ToList();
        if (unharmed.Count < 2) return null;
        var chosen = dice.Pick(unharmed);
        return await InjectAsync(kind, chosen.Process, chosen, duration);
    }

    private async Task<Incident> InjectAsync(IncidentKind kind, NodeProcess node, IsolatableSilo? silo, TimeSpan duration)
    {
        var generation = silo is null ? null : await cluster.Membership.GetActiveGenerationAsync(silo.SiloPort);
        var incident = log.BeginIncident(kind, node.Name);
        var recovery = new TaskCompletionSource();
        lock (_recoveries) _recoveries[node] = recovery.Task;

        if (generation is not null) _ = WatchDeclaredDeadAsync(incident, silo!.SiloPort, generation.Value);
        await StartFaultAsync(kind, node, silo);
        await Task.Delay(duration, CancellationToken.None);
        await EndFaultAsync(kind, node, silo);
        incident.HealedAt = log.Now();
        _ = RecoverAsync(incident, node, recovery);
        return incident;
    }

    private static async Task StartFaultAsync(IncidentKind kind, NodeProcess node, IsolatableSilo? silo)
    {
        switch (kind)
        {
            case IncidentKind.KillSilo or IncidentKind.KillFrontEnd:
                await node.KillAsync();
                break;
            case IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd:
                await node.PauseAsync();
                break;
            case IncidentKind.StopSilo:
                await node.StopAsync();
                break;
            case IncidentKind.IsolateFromPeers:
                await silo!.IsolateFromPeersAsync();
                break;
            case IncidentKind.IsolateFromPostgres:
                silo!.Postgres.Block();
                break;
            case IncidentKind.IsolateFromBoth:
                silo!.Postgres.Block();
                await silo.IsolateFromPeersAsync();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private async Task EndFaultAsync(IncidentKind kind, NodeProcess node, IsolatableSilo? silo)
    {
        if (kind is IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd) await node.ResumeAsync();
        if (kind is IncidentKind.IsolateFromPeers or IncidentKind.IsolateFromBoth) await silo!.ReconnectPeersAsync();
        if (kind is IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth) silo!.Postgres.Unblock(dice.Chance(0.5));
    }

    private async Task<Incident> InjectIntoPostgresAsync(IncidentKind kind, TimeSpan duration)
    {
        var incident = log.BeginIncident(kind, "postgresql");
        if (kind == IncidentKind.RestartPostgres) await cluster.Postgres.StopAsync();
        else await cluster.Postgres.KillAsync();
        await Task.Delay(duration, CancellationToken.None);
        await cluster.Postgres.StartAsync();
        incident.HealedAt = log.Now();
        foreach (var node in cluster.Nodes) await node.TryWaitUntilReadyAsync();
        incident.ReadyAt = log.Now();
        return incident;
    }

    private async Task RecoverAsync(Incident incident, NodeProcess node, TaskCompletionSource recovery)
    {
        // One that learns that it was declared dead ends by itself within seconds, and looks well until then.
        if (!node.HasExited && incident.Kind is not IncidentKind.PauseFrontEnd)
            await Task.Delay(TimeSpan.FromSeconds(4), CancellationToken.None);
        do
        {
            if (node.HasExited) node.Start();
        }
        while (!await node.TryWaitUntilReadyAsync());
        incident.ReadyAt = log.Now();
        recovery.SetResult();
    }

    private async Task WatchDeclaredDeadAsync(Incident incident, int siloPort, int generation)
    {
        while (incident.ReadyAt is null)
        {
            if (await cluster.Membership.IsDeclaredDeadAsync(siloPort, generation))
            {
                incident.DeclaredDeadAt = log.Now();
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    /// <summary>Restarts whatever ends without having been asked to.</summary>
    private async Task RestartEndedNodesAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var node in cluster.Nodes.Where(node => node.HasExited && !IsRecovering(node)))
            {
                var incident = log.BeginIncident(IncidentKind.EndedByItself, node.Name);
                tell(incident.ToString());
                var recovery = new TaskCompletionSource();
                lock (_recoveries) _recoveries[node] = recovery.Task;
                incident.HealedAt = log.Now();
                _ = RecoverAsync(incident, node, recovery);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    private bool IsRecovering(NodeProcess node)
    {
        lock (_recoveries) return _recoveries.TryGetValue(node, out var recovery) && !recovery.IsCompleted;
    }

    private Task WaitForRecoveriesAsync()
    {
        lock (_recoveries) return Task.WhenAll(_recoveries.Values);
    }
}

using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;

namespace KeysCluster.Cluster.EndToEnd.Nemesis;

/// <summary>
/// Brings faults on the cluster, one after the other, and takes each away again; restarts processes that end, as an
/// orchestrator does. The next fault waits until all is well, or, now and then, comes while a silo still recovers; one silo
/// at least is always unharmed.
/// </summary>
internal sealed class FaultInjector(TestCluster cluster, HistoryLog log, Dice dice, Action<string> tell)
{
    private readonly Schedule _schedule = new(dice, cluster.FrontEnds.Count > 0);
    private readonly Dictionary<NodeProcess, Task> _recoveries = [];

    public async Task RunAsync(TimeSpan duration)
    {
        var start = log.Now();
        using var watched = new CancellationTokenSource();
        var watch = WatchAsync(watched.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None);
        while (log.Now() - start < duration)
        {
            var kind = _schedule.Next();
            if (Postgres(kind)) await AllWellAsync();
            if (await HarmAsync(kind, _schedule.Duration(kind)) is not { } incident) continue;
            tell(incident.ToString());
            if (!dice.Chance(0.2) || cluster.Silos.Count < 3) await AllWellAsync();
            await Task.Delay(dice.Between(1, 4), CancellationToken.None);
        }

        await AllWellAsync();
        await watched.CancelAsync();
        await watch;
        await AllWellAsync();
    }

    private static bool Postgres(IncidentKind kind) => kind is IncidentKind.RestartPostgres or IncidentKind.CrashPostgres;

    private async Task<Incident?> HarmAsync(IncidentKind kind, TimeSpan duration)
    {
        if (Postgres(kind)) return await HarmPostgresAsync(kind, duration);
        if (kind is IncidentKind.KillFrontEnd or IncidentKind.PauseFrontEnd)
        {
            var frontEnd = dice.Pick(cluster.FrontEnds);
            return IsRecovering(frontEnd) ? null : await HarmAsync(kind, frontEnd, null, duration);
        }

        var unharmed = cluster.Silos.Where(silo => !IsRecovering(silo.Process)).ToList();
        if (unharmed.Count < 2) return null;
        var chosen = dice.Pick(unharmed);
        return await HarmAsync(kind, chosen.Process, chosen, duration);
    }

    private async Task<Incident> HarmAsync(IncidentKind kind, NodeProcess node, Silo? silo, TimeSpan duration)
    {
        var generation = silo is null ? null : await cluster.Membership.LivingGenerationAsync(silo.SiloPort);
        var incident = log.Begin(kind, node.Name);
        var recovery = new TaskCompletionSource();
        lock (_recoveries) _recoveries[node] = recovery.Task;

        if (generation is not null) _ = WatchDeathAsync(incident, silo!.SiloPort, generation.Value);
        await BeginAsync(kind, node, silo);
        await Task.Delay(duration, CancellationToken.None);
        await HealAsync(kind, node, silo);
        incident.Healed = log.Now();
        _ = RecoverAsync(incident, node, recovery);
        return incident;
    }

    private static async Task BeginAsync(IncidentKind kind, NodeProcess node, Silo? silo)
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

    private async Task HealAsync(IncidentKind kind, NodeProcess node, Silo? silo)
    {
        if (kind is IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd) await node.ContinueAsync();
        if (kind is IncidentKind.IsolateFromPeers or IncidentKind.IsolateFromBoth) await silo!.HealPeersAsync();
        if (kind is IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth) silo!.Postgres.Heal(dice.Chance(0.5));
    }

    private async Task<Incident> HarmPostgresAsync(IncidentKind kind, TimeSpan duration)
    {
        var incident = log.Begin(kind, "postgresql");
        if (kind == IncidentKind.RestartPostgres) await cluster.Postgres.StopAsync();
        else await cluster.Postgres.KillAsync();
        await Task.Delay(duration, CancellationToken.None);
        await cluster.Postgres.StartAsync();
        incident.Healed = log.Now();
        foreach (var node in cluster.Nodes) await node.BecomesReadyAsync();
        incident.Ready = log.Now();
        return incident;
    }

    private async Task RecoverAsync(Incident incident, NodeProcess node, TaskCompletionSource recovery)
    {
        // One that learns that it was declared dead ends by itself within seconds, and looks well until then.
        if (!node.HasEnded && incident.Kind is not IncidentKind.PauseFrontEnd)
            await Task.Delay(TimeSpan.FromSeconds(4), CancellationToken.None);
        do
        {
            if (node.HasEnded) node.Start();
        }
        while (!await node.BecomesReadyAsync());
        incident.Ready = log.Now();
        recovery.SetResult();
    }

    private async Task WatchDeathAsync(Incident incident, int siloPort, int generation)
    {
        while (incident.Ready is null)
        {
            if (await cluster.Membership.IsDeadAsync(siloPort, generation))
            {
                incident.DeclaredDead = log.Now();
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    /// <summary>Restarts whatever ends without having been asked to.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var node in cluster.Nodes.Where(node => node.HasEnded && !IsRecovering(node)))
            {
                var incident = log.Begin(IncidentKind.EndedByItself, node.Name);
                tell(incident.ToString());
                var recovery = new TaskCompletionSource();
                lock (_recoveries) _recoveries[node] = recovery.Task;
                incident.Healed = log.Now();
                _ = RecoverAsync(incident, node, recovery);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    private bool IsRecovering(NodeProcess node)
    {
        lock (_recoveries) return _recoveries.TryGetValue(node, out var recovery) && !recovery.IsCompleted;
    }

    private Task AllWellAsync()
    {
        lock (_recoveries) return Task.WhenAll(_recoveries.Values);
    }
}

using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;

namespace KeysCluster.Cluster.EndToEnd.Nemesis;

/// <summary>
/// Injects one fault after the other and removes each again. Until disposal, restarts every process that exits, as an
/// orchestrator does. Usually the next fault waits until all nodes are healthy; sometimes it hits while a silo
/// recovers. At least one silo is always without a fault.
/// </summary>
internal sealed class FaultInjector : IAsyncDisposable
{
    /// <summary>The number of calls before the first fault.</summary>
    private const int WarmUpCalls = 200;

    private const double OverlapProbability = 0.2;

    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MembershipPollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A silo learns from the membership table that it was declared dead, which it may read late.</summary>
    private static readonly TimeSpan DeclaredDeadExitTimeout = TimeSpan.FromSeconds(60);

    private readonly ProcessCluster _cluster;
    private readonly HistoryLog _history;
    private readonly SeededRandom _random;
    private readonly Action<string> _log;
    private readonly FaultSchedule _schedule;
    private readonly Dictionary<NodeProcess, Task> _recoveries = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _restarts;

    public FaultInjector(ProcessCluster cluster, HistoryLog history, SeededRandom random, Action<string> log)
    {
        (_cluster, _history, _random, _log) = (cluster, history, random, log);
        _schedule = new FaultSchedule(random, cluster.FrontEnds.Count > 0);
        _restarts = Task.WhenAll(cluster.Nodes.Select(RestartAfterExitsAsync));
    }

    /// <summary>Injects faults for a duration, and waits until all nodes have recovered.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        var start = _history.Now();
        await _history.WaitForCallsAsync(WarmUpCalls, WarmUpTimeout);
        while (_history.Now() - start < duration)
        {
            var kind = _schedule.Next();
            if (TargetsPostgres(kind)) await WaitForRecoveriesAsync();
            if (await TryInjectAsync(kind, _schedule.NextDuration(kind)) is not { } incident) continue;
            _log(incident.ToString());
            if (!_random.NextBool(OverlapProbability) || _cluster.Silos.Count < 3) await WaitForRecoveriesAsync();
            await Task.Delay(_random.NextDuration(1, 4), CancellationToken.None);
        }

        await WaitForRecoveriesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _restarts;
        _stopped.Dispose();
    }

    private static bool TargetsPostgres(IncidentKind kind) =>
        kind is IncidentKind.RestartPostgres or IncidentKind.CrashPostgres;

    private static bool TargetsFrontEnd(IncidentKind kind) =>
        kind is IncidentKind.KillFrontEnd or IncidentKind.PauseFrontEnd;

    /// <summary>Returns null when every possible target still recovers from another fault.</summary>
    private async Task<Incident?> TryInjectAsync(IncidentKind kind, TimeSpan duration)
    {
        if (TargetsPostgres(kind)) return await InjectIntoPostgresAsync(kind, duration);
        if (TargetsFrontEnd(kind))
            return await TryInjectAsync(kind, _random.Pick(_cluster.FrontEnds), silo: null, duration);

        var healthy = _cluster.Silos.Where(silo => !IsRecovering(silo.Process)).ToList();
        if (healthy.Count < 2) return null;
        var target = _random.Pick(healthy);
        return await TryInjectAsync(kind, target.Process, target, duration);
    }

    private async Task<Incident?> TryInjectAsync(
        IncidentKind kind, NodeProcess node, IsolatableSilo? silo, TimeSpan duration)
    {
        if (TryBeginRecovery(node) is not { } recovery) return null;
        var incarnation = silo is null ? null : await _cluster.Membership.FindActiveAsync(silo.SiloPort);
        var incident = _history.BeginIncident(kind, node.Name);
        if (incarnation is not null) _ = WatchDeclaredDeadAsync(incident, incarnation);

        await StartFaultAsync(kind, node, silo);
        await Task.Delay(duration, CancellationToken.None);
        await EndFaultAsync(kind, node, silo);
        incident.HealedAt = _history.Now();
        _ = RecoverAsync(incident, node, incarnation, recovery);
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
                node.Pause();
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
        if (kind is IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd) node.Resume();
        if (kind is IncidentKind.IsolateFromPeers or IncidentKind.IsolateFromBoth) await silo!.ReconnectPeersAsync();
        if (kind is IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth)
            silo!.Postgres.Unblock(resetConnections: _random.NextBool(0.5));
    }

    private async Task<Incident> InjectIntoPostgresAsync(IncidentKind kind, TimeSpan duration)
    {
        var incident = _history.BeginIncident(kind, "postgresql");
        if (kind == IncidentKind.RestartPostgres) await _cluster.Postgres.StopAsync();
        else await _cluster.Postgres.KillAsync();
        await Task.Delay(duration, CancellationToken.None);
        await _cluster.Postgres.StartAsync();
        incident.HealedAt = _history.Now();
        foreach (var node in _cluster.Nodes) await node.TryWaitUntilReadyAsync();
        incident.ReadyAt = _history.Now();
        return incident;
    }

    private async Task RecoverAsync(
        Incident incident, NodeProcess node, SiloIncarnation? incarnation, TaskCompletionSource recovery)
    {
        // A silo that was declared dead exits when it learns of it, and may look healthy until then. A silo that is
        // declared dead later exits later, which is an incident of its own.
        if (incarnation is not null && await _cluster.Membership.IsDeclaredDeadAsync(incarnation))
            await node.TryWaitForExitAsync(DeclaredDeadExitTimeout);
        do
        {
            if (node.HasExited) await node.StartAsync();
        }
        while (!await node.TryWaitUntilReadyAsync() && !_stopped.IsCancellationRequested);
        incident.ReadyAt = _history.Now();
        recovery.SetResult();
    }

    private async Task WatchDeclaredDeadAsync(Incident incident, SiloIncarnation incarnation)
    {
        while (incident.ReadyAt is null)
        {
            if (await _cluster.Membership.IsDeclaredDeadAsync(incarnation))
            {
                incident.DeclaredDeadAt = _history.Now();
                return;
            }

            await Task.Delay(MembershipPollInterval, CancellationToken.None);
        }
    }

    /// <summary>Restarts a node whenever it exits without being asked to.</summary>
    private async Task RestartAfterExitsAsync(NodeProcess node)
    {
        try
        {
            while (true)
            {
                await node.WaitForExitAsync(_stopped.Token);
                if (TryBeginRecovery(node) is not { } recovery)
                {
                    await WaitForRecoveryAsync(node).WaitAsync(_stopped.Token);
                    continue;
                }

                var incident = _history.BeginIncident(IncidentKind.ExitedByItself, node.Name);
                _log(incident.ToString());
                incident.HealedAt = _history.Now();
                await RecoverAsync(incident, node, incarnation: null, recovery);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Marks a node as recovering; null when it already is.</summary>
    private TaskCompletionSource? TryBeginRecovery(NodeProcess node)
    {
        lock (_recoveries)
        {
            if (_recoveries.TryGetValue(node, out var current) && !current.IsCompleted) return null;
            var recovery = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _recoveries[node] = recovery.Task;
            return recovery;
        }
    }

    private bool IsRecovering(NodeProcess node) => !WaitForRecoveryAsync(node).IsCompleted;

    private Task WaitForRecoveryAsync(NodeProcess node)
    {
        lock (_recoveries) return _recoveries.GetValueOrDefault(node, Task.CompletedTask);
    }

    private Task WaitForRecoveriesAsync()
    {
        lock (_recoveries) return Task.WhenAll(_recoveries.Values);
    }
}

using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// Injects one fault after the other and removes each again. Until disposal, restarts every process that exits, as an
/// orchestrator does. Usually the next fault waits until all processes are healthy; sometimes it hits while a silo
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
    private readonly double _durationFactor;
    private readonly Dictionary<RestartableProcess, Task> _recoveries = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _restarts;

    /// <summary>Starts to restart processes that exit.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="history">The history, which records the faults.</param>
    /// <param name="random">The random choices.</param>
    /// <param name="options">The kinds of faults, and by how much they are shortened.</param>
    /// <param name="log">Receives a line for each fault.</param>
    public FaultInjector(
        ProcessCluster cluster, HistoryLog history, SeededRandom random, HistoryRunOptions options, Action<string> log)
    {
        (_cluster, _history, _random, _log) = (cluster, history, random, log);
        _schedule = new FaultSchedule(random, cluster, options.Faults);
        _durationFactor = options.DurationFactor;
        _restarts = Task.WhenAll(cluster.Processes.Select(RestartAfterExitsAsync));
    }

    /// <summary>
    /// Injects faults for a duration, or until it is stopped, and waits until all processes have recovered.
    /// </summary>
    public async Task RunAsync(TimeSpan duration, CancellationToken stop)
    {
        var start = _history.Now();
        await _history.WaitForCallsAsync(WarmUpCalls, WarmUpTimeout);
        while (_history.Now() - start < duration && !stop.IsCancellationRequested)
        {
            var fault = _schedule.Next();
            if (fault.Scope is FaultScope.Postgres or FaultScope.SiloPair) await WaitForRecoveriesAsync();
            if (await TryInjectAsync(fault) is not { } incident) continue;
            _log(incident.ToString());
            if (!_random.NextBool(OverlapProbability) || _cluster.Silos.Count < 3) await WaitForRecoveriesAsync();
            await Task.Delay(_random.NextDuration(1, 4) * _durationFactor, CancellationToken.None);
        }

        await WaitForRecoveriesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _restarts;
        _stopped.Dispose();
    }

    /// <summary>Returns null when every possible target still recovers from another fault.</summary>
    private async Task<Incident?> TryInjectAsync(Fault fault)
    {
        if (FindTarget(fault) is not { } nodes) return null;
        var target = new FaultTarget(_cluster, nodes, _random, _history);
        var recoveries = nodes.Select(node => (Node: node, Recovery: TryBeginRecovery(node.Process))).ToList();
        if (recoveries.Exists(entry => entry.Recovery is null))
        {
            foreach (var (_, recovery) in recoveries) recovery?.SetResult();
            return null;
        }

        await fault.PrepareAsync(target);
        var incarnations = new List<SiloIncarnation?>();
        foreach (var node in nodes)
            incarnations.Add(node.SiloPort == 0 ? null : await _cluster.Membership.FindActiveAsync(node.SiloPort));
        var incident = _history.BeginIncident(fault.Kind, target.Name, nodes.Count > 1 ? target.Peer.Name : null);
        foreach (var incarnation in incarnations.OfType<SiloIncarnation>())
            _ = WatchDeclaredDeadAsync(incident, incarnation);

        await fault.StartAsync(target);
        await Task.Delay(fault.NextDuration(_random) * _durationFactor, CancellationToken.None);
        await fault.EndAsync(target);
        incident.HealedAt = _history.Now();
        var recovered = recoveries.Select((entry, index) =>
            RecoverAsync(entry.Node.Process, incarnations[index], entry.Recovery!)).ToList();
        if (fault.Scope == FaultScope.Postgres)
            foreach (var process in _cluster.Processes) await process.TryWaitUntilReadyAsync();
        _ = CompleteAsync(incident, recovered);
        return incident;
    }

    private async Task CompleteAsync(Incident incident, IEnumerable<Task> recovered)
    {
        await Task.WhenAll(recovered);
        incident.ReadyAt = _history.Now();
    }

    /// <summary>Returns the nodes to hit, none for PostgreSQL; null when too few nodes are healthy.</summary>
    private List<ClusterNode>? FindTarget(Fault fault)
    {
        if (fault.Scope == FaultScope.Postgres) return [];
        if (fault.Scope == FaultScope.FrontEnd) return [_random.Pick(_cluster.FrontEnds)];
        var healthy = _cluster.Silos.FindAll(silo => !IsRecovering(silo.Process));
        var count = fault.Scope == FaultScope.SiloPair ? 2 : 1;
        if (healthy.Count < count + 1) return null;
        var targets = healthy.FindAll(fault.CanTarget).OrderBy(_ => _random.NextDouble()).Take(count).ToList();
        return targets.Count == count ? targets : null;
    }

    private async Task RecoverAsync(
        RestartableProcess process, SiloIncarnation? incarnation, TaskCompletionSource recovery)
    {
        // A silo that was declared dead exits when it learns of it, and may look healthy until then. A silo that is
        // declared dead later exits later, which is an incident of its own.
        if (incarnation is not null && await _cluster.Membership.IsDeclaredDeadAsync(incarnation))
            await process.TryWaitForExitAsync(DeclaredDeadExitTimeout);
        do
        {
            if (process.HasExited) await process.StartAsync();
        }
        while (!await process.TryWaitUntilReadyAsync() && !_stopped.IsCancellationRequested);
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

    /// <summary>Restarts a process whenever it exits by itself.</summary>
    private async Task RestartAfterExitsAsync(RestartableProcess process)
    {
        try
        {
            while (true)
            {
                await process.WaitForExitAsync(_stopped.Token);
                if (TryBeginRecovery(process) is not { } recovery)
                {
                    await WaitForRecoveryAsync(process).WaitAsync(_stopped.Token);
                    continue;
                }

                var incident = _history.BeginIncident(IncidentKind.ExitedByItself, process.Name);
                _log(incident.ToString());
                incident.HealedAt = _history.Now();
                await RecoverAsync(process, incarnation: null, recovery);
                incident.ReadyAt = _history.Now();
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Marks a process as recovering; null when it already is.</summary>
    private TaskCompletionSource? TryBeginRecovery(RestartableProcess process)
    {
        lock (_recoveries)
        {
            if (_recoveries.TryGetValue(process, out var current) && !current.IsCompleted) return null;
            var recovery = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _recoveries[process] = recovery.Task;
            return recovery;
        }
    }

    private bool IsRecovering(RestartableProcess process) => !WaitForRecoveryAsync(process).IsCompleted;

    private Task WaitForRecoveryAsync(RestartableProcess process)
    {
        lock (_recoveries) return _recoveries.GetValueOrDefault(process, Task.CompletedTask);
    }

    private Task WaitForRecoveriesAsync()
    {
        lock (_recoveries) return Task.WhenAll(_recoveries.Values);
    }
}

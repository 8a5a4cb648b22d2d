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
    private readonly Dictionary<RestartableProcess, Task> _recoveries = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _restarts;

    public FaultInjector(ProcessCluster cluster, HistoryLog history, SeededRandom random, Action<string> log)
    {
        (_cluster, _history, _random, _log) = (cluster, history, random, log);
        _schedule = new FaultSchedule(random, cluster.FrontEnds.Count > 0);
        _restarts = Task.WhenAll(cluster.Processes.Select(RestartAfterExitsAsync));
    }

    /// <summary>Injects faults for a duration, and waits until all processes have recovered.</summary>
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
        IncidentKind kind, RestartableProcess process, IsolatableSilo? silo, TimeSpan duration)
    {
        if (TryBeginRecovery(process) is not { } recovery) return null;
        var incarnation = silo is null ? null : await _cluster.Membership.FindActiveAsync(silo.SiloPort);
        var incident = _history.BeginIncident(kind, process.Name);
        if (incarnation is not null) _ = WatchDeclaredDeadAsync(incident, incarnation);

        await StartFaultAsync(kind, process, silo);
        await Task.Delay(duration, CancellationToken.None);
        await EndFaultAsync(kind, process, silo);
        incident.HealedAt = _history.Now();
        _ = RecoverAsync(incident, process, incarnation, recovery);
        return incident;
    }

    private static async Task StartFaultAsync(IncidentKind kind, RestartableProcess process, IsolatableSilo? silo)
    {
        switch (kind)
        {
            case IncidentKind.KillSilo or IncidentKind.KillFrontEnd:
                await process.KillAsync();
                break;
            case IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd:
                process.Pause();
                break;
            case IncidentKind.StopSilo:
                await process.StopAsync();
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

    private async Task EndFaultAsync(IncidentKind kind, RestartableProcess process, IsolatableSilo? silo)
    {
        if (kind is IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd) process.Resume();
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
        foreach (var process in _cluster.Processes) await process.TryWaitUntilReadyAsync();
        incident.ReadyAt = _history.Now();
        return incident;
    }

    private async Task RecoverAsync(
        Incident incident, RestartableProcess process, SiloIncarnation? incarnation, TaskCompletionSource recovery)
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
                await RecoverAsync(incident, process, incarnation: null, recovery);
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

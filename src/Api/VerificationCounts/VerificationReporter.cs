using KeysCluster.VerificationCounts;

namespace KeysCluster.Api.VerificationCounts;

/// <summary>
/// Sends the counts of the <see cref="VerificationCounter"/> to the grains of the projects. Those that cannot be sent,
/// such as to silos of the previous build, which do not know the grain, are sent later, for an hour.
/// </summary>
internal sealed partial class VerificationReporter(
    VerificationCounter counter, IGrainFactory grains, TimeProvider time, ILogger<VerificationReporter> logger)
    : BackgroundService
{
    /// <summary>How often counts are sent.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int MaxConcurrency = 16;

    /// <summary>Sends all counts, or as many as the interval permits.</summary>
    internal async Task SendAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var unsent = new List<KeyValuePair<ProjectId, ProjectVerifications>>();
        var isFull = counter.IsFull;
        long discarded = 0;
        foreach (var project in counter.Projects)
        {
            discarded += project.Value.Collect(now);
            if (!project.Value.IsSent) unsent.Add(project);
            else if (isFull) counter.Remove(project.Key);
        }

        if (discarded > 0) LogDiscarded(logger, discarded);
        using var timeout = new CancellationTokenSource(Interval, time);
        using var round = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = round.Token };
        string? reason = null;
        try
        {
            await Parallel.ForEachAsync(unsent, options, async (project, cancellation) =>
                reason = await TrySendAsync(project.Key, project.Value, cancellation) ?? reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = "the silos did not respond in time";
        }

        if (reason is not null) LogFailed(logger, reason);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await SendAsync(stoppingToken);
    }

    /// <summary>Sends the counts of a project.</summary>
    /// <returns>Why it failed; null if it did not.</returns>
    private async Task<string?> TrySendAsync(
        ProjectId project, ProjectVerifications counts, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IVerificationCountGrain>(project.ToString())
                .Add(counts.GetUnsent())
                .WaitAsync(cancellationToken);
            counts.SetSent();
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Orleans cancels a call itself when it finds no silo in time.
            return exception.Message;
        }
    }
}

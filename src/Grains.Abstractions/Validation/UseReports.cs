using System.Threading.Channels;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation;

/// <summary>
/// Tells grains when their secrets were used by validations that memory answered: the first use at once, then one a minute
/// and secret. Off the path of the validation; what a full queue drops is told with the next use that is a minute later.
/// </summary>
internal sealed partial class UseReports(IGrainFactory grains, ILogger<UseReports> logger) : BackgroundService
{
    private const int AtOnce = 16;

    private readonly Channel<Use> _uses = Channel.CreateBounded<Use>(
        new BoundedChannelOptions(100_000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many are still to be told.</summary>
    public int Waiting => _uses.Reader.Count;

    public void OfVirtualKey(Verdict verdict, UsedSecret secret, DateTimeOffset now)
    {
        if (secret.IsUseToReport(now)) _uses.Writer.TryWrite(new(verdict.Key!.Id, default, secret.Id, now));
    }

    public void OfProject(Secret apiKey, UsedSecret secret, DateTimeOffset now)
    {
        if (secret.IsUseToReport(now)) _uses.Writer.TryWrite(new(default, ProjectId.OwnerOf(apiKey), secret.Id, now));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _uses.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
        async (use, _) => await Tell(use));

    private async Task Tell(Use use)
    {
        try
        {
            await (use.Key == default
                ? grains.GetProject(use.Project).RecordUse(use.Secret, use.At)
                : grains.GetVirtualKey(use.Key).RecordUse(use.Secret, use.At));
        }
        catch (Exception exception)
        {
            LogNotTold(logger, exception.Message);
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Debug, Message = "A use was not told: {Reason}")]
    private static partial void LogNotTold(ILogger logger, string reason);

    private readonly record struct Use(VirtualKeyId Key, ProjectId Project, SecretId Secret, DateTimeOffset At);
}

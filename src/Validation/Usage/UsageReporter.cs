using System.Net;
using System.Threading.Channels;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Usage;

/// <summary>
/// Reports uses of secrets that the cache answered to their grains: the first use immediately, then at most once per
/// minute and secret. Reports are sent in the background. When the queue is full, a use is dropped; the next use at
/// least a minute later is reported again. A report contains the digest of the secret, so that the grain can rehash it.
/// </summary>
internal sealed partial class UsageReporter : BackgroundService
{
    private const int MaxConcurrency = 16;
    private const int QueueCapacity = 100_000;

    private readonly Channel<Use> _uses = Channel.CreateBounded<Use>(
        new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;

    public UsageReporter(IGrainFactory grains, ValidationMetrics metrics, ILogger<UsageReporter> logger)
    {
        (_grains, _logger) = (grains, logger);
        metrics.ObserveQueuedUsageReports(() => _uses.Reader.Count);
    }

    public void ReportVirtualKey(
        VirtualKeyId key, CachedSecret secret, in PresentedSecret presented, DateTimeOffset now, IPAddress? address)
    {
        if (secret.ShouldReport(now))
            _uses.Writer.TryWrite(new(key, default, secret.Id, presented.ComputeDigest(), now, address));
    }

    public void ReportProject(Secret apiKey, CachedSecret secret, in PresentedSecret presented, DateTimeOffset now)
    {
        if (!secret.ShouldReport(now)) return;
        var project = ProjectApiKey.GetProjectId(apiKey);
        _uses.Writer.TryWrite(new(default, project, secret.Id, presented.ComputeDigest(), now, null));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _uses.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = stoppingToken },
        async (use, _) => await ReportAsync(use));

    private async Task ReportAsync(Use use)
    {
        try
        {
            await RecordAsync(use);
        }
        catch (Exception exception)
        {
            LogReportFailed(_logger, exception.Message);
        }
    }

    /// <summary>
    /// During an upgrade, a silo of the previous build does not know the method with a digest or an address: Orleans
    /// then fails to load the type of the call. When this is removed: docs/adr/0026-one-earlier-build.md.
    /// </summary>
    private async Task RecordAsync(Use use)
    {
        try
        {
            await (use switch
            {
                { Key: var key, Address: { } address } when key != default =>
                    _grains.GetVirtualKeyGrain(key).RecordUse(use.Secret, use.At, use.Digest, address),
                { Key: var key } when key != default =>
                    _grains.GetVirtualKeyGrain(key).RecordUse(use.Secret, use.At, use.Digest),
                _ => _grains.GetProjectGrain(use.Project).RecordUse(use.Secret, use.At, use.Digest),
            });
        }
        catch (TypeLoadException)
        {
            await (use.Key == default
                ? _grains.GetProjectGrain(use.Project).RecordUse(use.Secret, use.At)
                : _grains.GetVirtualKeyGrain(use.Key).RecordUse(use.Secret, use.At));
        }
    }

    private readonly record struct Use(
        VirtualKeyId Key,
        ProjectId Project,
        SecretId Secret,
        Sha256Digest Digest,
        DateTimeOffset At,
        IPAddress? Address);
}

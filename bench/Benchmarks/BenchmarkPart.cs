using System.Diagnostics;
using KeysCluster.Benchmarks.Floods;
using KeysCluster.Benchmarks.Observed;
using KeysCluster.Benchmarks.Peers;
using KeysCluster.Benchmarks.Reminders;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Revoke;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Benchmarks.Validation;
using KeysCluster.Benchmarks.Verification;
using KeysCluster.Benchmarks.Webhooks;

namespace KeysCluster.Benchmarks;

/// <summary>A part of the benchmarks that can be measured separately.</summary>
/// <param name="Name">The name of the part on the command line.</param>
/// <param name="Measure">Returns a report in which this part's figures are replaced.</param>
internal sealed record BenchmarkPart(string Name, Func<BenchmarkReport, Task<BenchmarkReport>> Measure)
{
    /// <summary>All parts, in the order of measurement.</summary>
    public static IReadOnlyList<BenchmarkPart> All { get; } =
    [
        new("validation", async report => report with
        {
            Validation = ValidationRounds.Run(),
            GrainCalls = await GrainCallRounds.RunInProcessAsync(),
            ClientCalls = await GrainCallRounds.RunFromClientAsync(),
        }),
        new("peers", async report => report with { Peers = await PeerRounds.RunAsync() }),
        new("rotation", async report => report with { Rotation = await RotationRounds.RunAsync() }),
        new("verify", async report => report with { Verify = await VerifyRounds.RunAsync() }),
        new("revoke", async report => report with { Revoke = await RevokeRounds.RunAsync() }),
        new("scale", async report => report with { Scale = await ScaleRounds.RunAsync() }),
        new("floods", async report => report with { Floods = await RestFloodRounds.RunAsync() }),
        new("webhooks", async report => report with { Webhooks = await WebhookRounds.RunAsync() }),
        new("observed", async report => report with { Observed = await ObservedRounds.RunAsync() }),
        new("reminders", async report => report with { Reminders = await ReminderRounds.RunAsync() }),
    ];

    /// <summary>
    /// Measures all parts and starts a new report. It is saved after each part, so that a failed part can be repeated.
    /// </summary>
    public static Task MeasureAllAsync() => MeasureAsync(All, new BenchmarkReport { Machine = Machine.Describe() });

    /// <summary>Measures some parts, and keeps the figures of the others in the saved report.</summary>
    /// <exception cref="ArgumentException">A name is not that of a part.</exception>
    public static async Task RemeasureAsync(IReadOnlyList<string> names)
    {
        var unknown = names.Except(All.Select(part => part.Name)).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException(
                $"Unknown parts: {string.Join(", ", unknown)}. "
                + $"The parts are {string.Join(", ", All.Select(part => part.Name))}.");
        }

        var report = await BenchmarkReportFiles.ReadAsync();
        await MeasureAsync(
            [.. All.Where(part => names.Contains(part.Name))],
            report with { MeasuredApart = [.. report.MeasuredApart.Union(names)] });
    }

    private static async Task MeasureAsync(IReadOnlyList<BenchmarkPart> parts, BenchmarkReport report)
    {
        foreach (var part in parts)
        {
            var start = Stopwatch.GetTimestamp();
            report = await part.Measure(report);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"{part.Name}: took {seconds:F0} s");
            report = report with { Seconds = new Dictionary<string, double>(report.Seconds) { [part.Name] = seconds } };
            await BenchmarkReportFiles.WriteAsync(report);
        }
    }
}

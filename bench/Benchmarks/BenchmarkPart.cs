using System.Diagnostics;
using KeysCluster.Benchmarks.Peers;
using KeysCluster.Benchmarks.Reminders;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Revoke;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Benchmarks.Validation;
using KeysCluster.Benchmarks.Verify;

namespace KeysCluster.Benchmarks;

/// <summary>A part of the benchmarks that can be measured alone.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Measure">The report with this part's figures in place of any that are there.</param>
internal sealed record BenchmarkPart(string Name, Func<BenchmarkReport, Task<BenchmarkReport>> Measure)
{
    /// <summary>In the order in which they are measured.</summary>
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
        new("reminders", async report => report with { Reminders = await ReminderRounds.RunAsync() }),
    ];

    /// <summary>Measures every part anew. What is measured is saved part by part: a part that fails can be measured again.</summary>
    public static Task MeasureAllAsync() => MeasureAsync(All, new BenchmarkReport { Machine = Machine.Describe() });

    /// <summary>Measures some parts anew and leaves what the saved report has of the others.</summary>
    /// <exception cref="ArgumentException">There is no part of such a name.</exception>
    public static async Task RemeasureAsync(IReadOnlyList<string> names)
    {
        var unknown = names.Except(All.Select(part => part.Name)).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException(
                $"There is no part '{string.Join("', '", unknown)}'; there are {string.Join(", ", All.Select(part => part.Name))}.");
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
            var begun = Stopwatch.GetTimestamp();
            report = await part.Measure(report);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            Console.WriteLine($"{part.Name}: took {seconds:F0} s");
            report = report with { Seconds = new Dictionary<string, double>(report.Seconds) { [part.Name] = seconds } };
            await BenchmarkReportFiles.WriteAsync(report);
        }
    }
}

using System.Diagnostics;
using KeysCluster.Benchmarks.Peers;
using KeysCluster.Benchmarks.Reminders;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Revoke;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Validation;
using KeysCluster.Benchmarks.Verify;

namespace KeysCluster.Benchmarks;

/// <summary>A part of the benchmarks that can be measured alone.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="MeasureAsync">The report with this part's figures in place of any that are there.</param>
internal sealed record Part(string Name, Func<Report, Task<Report>> MeasureAsync)
{
    /// <summary>In the order in which they are measured.</summary>
    public static IReadOnlyList<Part> All { get; } =
    [
        new("validation", async report => report with
        {
            Validation = ValidationRounds.Run(),
            ClientCalls = await ClientCallRounds.RunAsync(),
        }),
        new("peers", async report => report with { Peers = await PeerRounds.RunAsync() }),
        new("rotation", async report => report with { Rotation = await RotationRounds.RunAsync() }),
        new("verify", async report => report with { Verify = await VerifyRounds.RunAsync() }),
        new("revoke", async report => report with { Revoke = await RevokeRounds.RunAsync() }),
        new("reminders", async report => report with { Reminders = await ReminderRounds.RunAsync() }),
    ];

    /// <summary>Measures every part anew.</summary>
    public static async Task<Report> MeasureAllAsync()
    {
        var report = new Report { Machine = Machine.Describe() };
        foreach (var part in All) report = await part.MeasureTimedAsync(report);
        return report;
    }

    /// <summary>Measures some parts anew and leaves what a report has of the others.</summary>
    /// <exception cref="ArgumentException">There is no part of such a name.</exception>
    public static async Task<Report> MeasureAgainAsync(Report report, IReadOnlyList<string> names)
    {
        var unknown = names.Except(All.Select(part => part.Name)).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException(
                $"There is no part '{string.Join("', '", unknown)}'; there are {string.Join(", ", All.Select(part => part.Name))}.");
        }

        foreach (var part in All.Where(part => names.Contains(part.Name))) report = await part.MeasureTimedAsync(report);
        return report with { MeasuredApart = [.. report.MeasuredApart.Union(names)] };
    }

    private async Task<Report> MeasureTimedAsync(Report report)
    {
        var begun = Stopwatch.GetTimestamp();
        var measured = await MeasureAsync(report);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Console.WriteLine($"{Name}: took {seconds:F0} s");
        return measured with { Seconds = new Dictionary<string, double>(measured.Seconds) { [Name] = seconds } };
    }
}

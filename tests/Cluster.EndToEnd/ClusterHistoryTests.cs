using KeysCluster.Cluster.EndToEnd.Reporting;
using Xunit.Abstractions;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>A short run, for CI. <c>run.sh</c> makes longer ones.</summary>
public sealed class ClusterHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_cluster_keeps_its_guarantees_during_crashes_hangs_and_partitions()
    {
        const int maxExplained = 5;
        var options = HistoryRunOptions.FromEnvironment();
        output.WriteLine($"Seed {options.Seed}");
        var report = await HistoryRun.RunAsync(options, output.WriteLine);
        output.WriteLine(HistoryMarkdown.Render(report));

        var explanations = report.Violations.Take(maxExplained)
            .Select(violation => HistoryMarkdown.Explain(violation, report));
        Assert.True(
            report.Violations.Count == 0,
            $"{report.Violations.Count} violations; the logs of the processes are in {report.LogFolder}\n"
            + string.Join('\n', explanations));
    }
}

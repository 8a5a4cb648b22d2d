using KeysCluster.Cluster.EndToEnd.Reporting;
using Xunit.Abstractions;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>The run of CI; <c>run.sh</c> makes it longer.</summary>
public sealed class ClusterHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_cluster_keeps_its_guarantees_during_crashes_hangs_and_partitions()
    {
        var settings = HistoryRunOptions.FromEnvironment();
        output.WriteLine($"Seed {settings.Seed}");
        var report = await HistoryRun.RunAsync(settings, output.WriteLine);
        output.WriteLine(HistoryMarkdown.Render(report));
        Assert.True(report.Violations.Count == 0, report.Violations.Count == 0
            ? null
            : $"{report.Violations.Count} violations; the nodes' logs are in {report.LogFolder}\n"
                + string.Join('\n', report.Violations.Take(5).Select(violation => HistoryMarkdown.Explain(violation, report))));
    }
}

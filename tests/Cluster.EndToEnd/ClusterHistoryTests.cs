using KeysCluster.Cluster.EndToEnd.Reporting;
using Xunit.Abstractions;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>The run of CI; <c>run.sh</c> makes it longer.</summary>
public sealed class ClusterHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whatever_dies_hangs_or_is_cut_off_the_cluster_keeps_its_promises()
    {
        var settings = RunSettings.FromEnvironment();
        output.WriteLine($"Seed {settings.Seed}");
        var report = await HistoryRun.RunAsync(settings, output.WriteLine);
        output.WriteLine(MarkdownReport.Write(report));
        Assert.True(report.Violations.Count == 0, report.Violations.Count == 0
            ? null
            : $"{report.Violations.Count} violations; the nodes' logs are in {report.LogFolder}\n"
                + string.Join('\n', report.Violations.Take(5).Select(violation => MarkdownReport.Explain(violation, report))));
    }
}

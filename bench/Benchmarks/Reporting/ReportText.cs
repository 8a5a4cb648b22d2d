using System.Globalization;
using KeysCluster.Benchmarks.Revoke;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The words of the report that belong to no one part.</summary>
internal static class ReportText
{
    public const string Heading = """
        # Benchmarks

        Written by `tests/Benchmarks/run.sh`, which installs what is missing of PostgreSQL, Redis and wrk on Debian and
        Ubuntu and runs `dotnet run -c Release --project tests/Benchmarks`; the same figures are in `report.json`. With
        `--only`, as in `tests/Benchmarks/run.sh --only verify,revoke`, only those parts are measured again and the other
        figures stay as they are.


        """;

    public static string HeadlineNotes { get; } = string.Create(CultureInfo.InvariantCulture, $"""

        Every figure is a median of rounds, but the last. (c) is the lowest of what callers at concurrency 1, 16 and 64 come
        to. (d) is the usual rotation, the first of its key in a grace period, at concurrency 16; the others are below.
        (e) is at concurrency 16. (g) p50 is the highest of 1, 3 and 5 silos; the worst case is the longest of all revokes
        sent at once right after one of three silos was killed or hung. Its target is the lease of {RevokeRounds.LeaseDuration.TotalSeconds} s and one second.

        """);

    public const string RatioNotes = """

        ## Ratios

        Only ratios can be compared between machines and runs. Those of calls are time over time: smaller is better, 1 is
        the floor. Those of loads and rotations are throughput over throughput at the same concurrency `c`: larger is
        better. Those of reminders are many outstanding ones over few.


        """;

    public static string DescribeMethod(BenchmarkReport report) => $"""

        ## How the figures were had

        - Machine: {report.Machine.Cores} cores, {RoundedDoubleConverter.Format(report.Machine.MemoryGiB)} GiB, {report.Machine.Architecture}, {report.Machine.Runtime}, {(report.Machine.ServerGc ? "server" : "workstation")} GC. Everything
          runs on it at once: load, nodes, PostgreSQL and Redis share its cores.
        - Baselines and subjects take turns. A ratio is that of neighbours in one round; tables show the median of the rounds.
        - Silos in the process of the benchmarks, or of their client, have a lease and look at it at each validation, as
          in a cluster; the table of leases is in their memory.
        - Time of each part: {string.Join(", ", report.Seconds.Select(part => $"{part.Key} {RoundedDoubleConverter.Format(part.Value)} s"))}.{DescribeRemeasuredParts(report)}

        ## What they do not say

        - Nothing of a network: every hop is loopback, and clients take processor time from what they measure.
        - Nothing of cold keys but in the part on scale: a grain that sleeps reads its row first.
        - Nothing is observed, as in a node that exports neither traces nor metrics. Tracing makes an empty grain call
          three to six times as long.

        """;

    private static string DescribeRemeasuredParts(BenchmarkReport report) => report.MeasuredApart is []
        ? ""
        : $" Not in the same run as the others: {string.Join(", ", report.MeasuredApart)}.";
}

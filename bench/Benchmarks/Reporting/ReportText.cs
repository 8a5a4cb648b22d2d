using KeysCluster.Benchmarks.Revoke;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The texts of the report that do not belong to a part.</summary>
internal static class ReportText
{
    public const string Introduction = """
        # Benchmarks

        Written by `bench/Benchmarks/run.sh`. The script installs the missing ones of PostgreSQL, Redis and wrk on
        Debian and Ubuntu, and runs `dotnet run -c Release --project bench/Benchmarks`. `report.json` contains the same
        figures. With `--only`, as in `bench/Benchmarks/run.sh --only verify,revoke`, the script measures some parts
        again and keeps the other figures.
        """;

    public const string RatioNotes = """
        ## Ratios

        Only ratios can be compared between machines and runs. The ratios of calls divide times: smaller is better, and
        1 is the minimum. The ratios of loads and rotations divide throughputs at the same concurrency `c`: larger is
        better. The ratios of reminders divide the figures of many outstanding reminders by those of few. The ratios of
        floods divide latencies with and without the flood: smaller is better.
        """;

    public static string HeadlineNotes { get; } = $"""
        Every figure is the median of its rounds, except for the worst case of (g) and the refused calls of (h). (c) is
        the lowest of the ratios with 1, 16 and 64 callers. (d) is the usual rotation, the first of its key in a grace
        period, at concurrency 16; the others are below. (e) is at concurrency 16. The p50 of (g) is that of a cluster
        with three silos. The worst case of (g) is the longest of all revocations that were sent concurrently right
        after one of three silos was killed or hung. Its target is the lease duration of
        {RevokeRounds.LeaseDuration.TotalSeconds} s plus one second. Client, generator and silo of (h) share the cores
        of the machine; the controls below show the part of a ratio that comes from that.
        """;

    public static string DescribeMethod(BenchmarkReport report)
    {
        var machine = report.Machine;
        var durations = report.Seconds.Select(part => $"{part.Key} {RoundedDoubleConverter.Format(part.Value)} s");
        return $"""
            ## Method

            - Machine: {machine.Cores} cores, {RoundedDoubleConverter.Format(machine.MemoryGiB)} GiB,
              {machine.Architecture}, {machine.Runtime}, {(machine.ServerGc ? "server" : "workstation")} GC. Everything
              runs on it at the same time: load, silos, PostgreSQL and Redis share its cores.
            - Baselines and subjects alternate. A ratio compares measurements of the same round. Tables show the median
              of the rounds.
            - Silos in the process of the benchmarks, and the silo of their client, have a lease and check it at each
              validation, as in a cluster. The lease table is in their memory.
            - Duration of each part: {string.Join(", ", durations)}.{DescribeRemeasuredParts(report)}

            ## Limits

            - The figures do not include a network: every connection is a loopback connection, and clients use processor
              time of the same machine.
            - Only the part on scale includes keys whose grain is not active and must first read its row.
            - Only the part `observed` has telemetry. In the others, the silos export neither traces nor metrics.
            """;
    }

    private static string DescribeRemeasuredParts(BenchmarkReport report) => report.MeasuredApart is []
        ? ""
        : $" Measured in another run than the others: {string.Join(", ", report.MeasuredApart)}.";
}

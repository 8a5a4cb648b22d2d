using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The section on revocations: (g).</summary>
internal static class RevokeReport
{
    public static void Append(MarkdownDocument document, RevokeFigures figures) => document
        .Append("## Revoke")
        .AppendTable(
            ["Silos", "Fault of a silo", "Revokes", "Retried after 503", "p50, ms", "p99, ms", "Longest, ms"],
            figures.Healthy.Concat(figures.Faulted).Select(cluster => new[]
            {
                FormatFigure(cluster.Silos),
                cluster.Cluster == RevokeLatencyFigures.HealthyCluster ? "–" : cluster.Cluster,
                FormatFigure(cluster.Revokes),
                FormatFigure(cluster.Retried),
                FormatFigure(cluster.P50Milliseconds),
                FormatFigure(cluster.P99Milliseconds),
                FormatFigure(cluster.MaxMilliseconds),
            }))
        .Append($"""
            - Silos are processes that also serve the REST API, on one PostgreSQL. Every silo has validated every key
              before and caches it. A revocation is timed until it returns 200: from then on, no silo accepts the key.
            - While all silos are healthy, revocations are sent one after the other, to each silo in turn. After a fault
              of one silo, `SIGKILL` (killed) or `SIGSTOP` (hung), all are sent at once to the other silos. A revocation
              that returns 503 is retried after the second in `Retry-After`.
            - The lease duration is {FormatFigure(figures.LeaseMilliseconds)} ms. A silo that does not respond may use
              its cache that long, so a revocation waits that long. A key whose grain or directory entry is on the
              faulted silo can only be revoked when the others have noticed the fault: two to three seconds after a
              kill, and about five seconds after a hang that keeps connections open, which is about the lease duration.
              Until then, a call returns 503 after at most eight seconds.
            """);
}

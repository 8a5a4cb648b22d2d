using System.Text;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's part on revokes: (g).</summary>
internal static class RevokeReport
{
    public static void Write(StringBuilder text, RevokeFigures figures)
    {
        text.Append("\n## Revoke\n\n");
        text.AppendTable(
            ["Silos", "One of them is", "Revokes", "Sent again after 503", "p50, ms", "p99, ms", "Longest, ms"],
            figures.Well.Concat(figures.Lost).Select(cluster => new[]
            {
                FormatFigure(cluster.Silos), cluster.Cluster == "well" ? "–" : cluster.Cluster, FormatFigure(cluster.Revokes),
                FormatFigure(cluster.SentAgain), FormatFigure(cluster.P50Milliseconds), FormatFigure(cluster.P99Milliseconds),
                FormatFigure(cluster.MaxMilliseconds),
            }));
        text.Append($"""

            - Silos are processes with the REST API in them, on one PostgreSQL. Every silo has validated every key before, and
              holds it. A revoke is timed until it is answered with 200: no silo accepts the key any more.
            - Where all are well, revokes go one after the other to each silo in turn. Where one is lost, by `SIGKILL`
              (killed) or `SIGSTOP` (hung), all are sent at once right afterwards to the others; one that is answered with 503
              is sent again after the second that `Retry-After` asks for.
            - The lease is {FormatFigure(figures.LeaseMilliseconds)} ms. A silo that does not answer may hold keys for as long, and is waited for as long. A key whose
              grain lives on a lost silo, or is looked up there, can be revoked again when the others have noticed that it is
              gone: after two to three seconds of one that is killed, about five of one that hangs and keeps its connections.
              A call for it answers 503 after eight seconds at most. Of a silo that hangs that takes about as long as its lease.

            """);
    }
}

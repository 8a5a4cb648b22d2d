using KeysCluster.Benchmarks.Floods;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The section on floods over HTTP: (h).</summary>
internal static class RestFloodReport
{
    public static void Append(MarkdownDocument document, IReadOnlyList<RestFloodFigures> floods)
    {
        document
            .Append("""
                ## Floods over HTTP

                One client calls `verify` with a cached secret, one call after the other, without and with a flood from
                another address.
                """)
            .AppendTable(
                ["Flood", "p99 without, µs", "Rounds, from – to", "p99 with, µs", "Rounds, from – to", "Ratio",
                    "Rounds, from – to"],
                floods.Select(flood => new[]
                {
                    flood.Name,
                    FormatFigure(flood.BaselineP99Microseconds.Median),
                    FormatRange(flood.BaselineP99Microseconds),
                    FormatFigure(flood.P99Microseconds.Median),
                    FormatRange(flood.P99Microseconds),
                    FormatFigure(flood.P99OverBaseline.Median),
                    FormatRange(flood.P99OverBaseline),
                }))
            .Append($"""
                The client made {FormatFigure(floods.Sum(flood => flood.Calls))} calls.
                {FormatFigure(floods.Sum(flood => flood.Refused))} of them did not accept the secret. What the floods
                sent, what they received, and the processor cores that they and the silo used:
                """)
            .AppendTable(
                ["Flood", "Sent per second", "Rounds, from – to", "Sent", "Responses", "Connections closed",
                    "Cores, generator", "Cores, silo"],
                floods.Select(flood => new[]
                {
                    flood.Name,
                    FormatFigure(flood.FloodPerSecond.Median),
                    FormatRange(flood.FloodPerSecond),
                    FormatFigure(flood.FloodRequests),
                    FormatStatuses(flood.FloodStatuses),
                    FormatFigure(flood.FloodReconnects),
                    FormatFigure(flood.GeneratorCores.Median),
                    FormatFigure(flood.SiloCores.Median),
                }));
        document.Append(string.Join('\n', FloodKind.All.Select(kind => $"- `{kind.Name}`: {kind.Description}.")) + $"""

            - The silo is one embedded process with SQLite and the default limits. Rounds without and with the flood
              alternate, {RestFloodRounds.Count} of each. Every call of the client is timed. Another process sends the
              flood over persistent connections, without pipelining, from another address of this machine and with an
              API key of another project. Slow connections send bytes rather than requests.
            - Generator, client and silo share the processor cores. A control calls an endpoint that does nothing, at
              the same rate as `readiness` or on as many connections as `unknown_secrets_unpaced`: a ratio not larger
              than that of its control is contention for the cores and the cost of HTTP, not the cost of what the flood
              asks for.
            """);
    }

    private static string FormatStatuses(IReadOnlyDictionary<string, long> statuses) => statuses.Count == 0
        ? "–"
        : string.Join(", ", statuses.Select(status => $"{FormatFigure(status.Value)} × {status.Key}"));
}

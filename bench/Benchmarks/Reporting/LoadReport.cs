using KeysCluster.Benchmarks.Peers;
using KeysCluster.Benchmarks.Verification;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The sections on loads at several concurrencies: (c) and (e).</summary>
internal static class LoadReport
{
    public static void AppendPeers(MarkdownDocument document, ComparedLoads loads)
    {
        document.Append("## Validation compared with lookups in PostgreSQL and Redis");
        AppendLoads(document, loads);
        document.Append($"""
            - {PeerRounds.Count} rounds of a second each, with {PeerRounds.KeyCount:N0} keys, all of which every caller
              uses. Each check starts with the text of the secret and ends with a check of the result.
            - `postgres_select` computes the SHA-256 of the text and reads the row by the unique index on it, with
              Npgsql: prepared, at most five columns, a persistent connection per caller.
            - `redis_get` computes the SHA-256 and gets eight bytes of expiry and a name by it, with
              StackExchange.Redis, so that nothing needs parsing. Redis has no persistence. Callers share 1 connection
              or {PeerRounds.RedisConnections}: with fewer connections, more commands share a packet; with more, more
              threads read responses. A ratio compares with the faster of the two in each round.
            - `cached_validate` and `grain_validate` run in the process of the silo, as services of the cluster can.
              `verify_http` calls a silo in another process over persistent connections, by `wrk` with one thread.
            - Each call in this process is timed, which adds about a tenth to the time of a cached validation.
            - A grain call times out after a second. When callers of the same process use every core, a call can wait
              that long.
            """);
    }

    public static void AppendVerify(MarkdownDocument document, ComparedLoads loads)
    {
        document.Append("## `verify` compared with endpoints that do nothing");
        AppendLoads(document, loads);
        document.Append($"""
            - {VerifyRounds.Count} rounds of a second each. `wrk` with one thread sends the same requests to all three
              endpoints, over persistent connections. Each server is a process with the silo's settings of Kestrel,
              logging and GC.
            - `empty_endpoint` is a minimal API endpoint that returns 200 without a body, with no authentication and no
              middleware. `json_endpoint` reads the JSON of a `verify` request and returns as many members as `verify`,
              without any lookup.
            """);
    }

    private static void AppendLoads(MarkdownDocument document, ComparedLoads loads) => document.AppendTable(
        ["Load", "Callers", "Per second", "Rounds, from – to", "p50, µs", "p99, µs", "Timed out"],
        loads.Loads.OrderBy(load => load.Concurrency).Select(load => new[]
        {
            load.Name,
            FormatFigure(load.Concurrency),
            FormatFigure(load.PerSecond.Median),
            FormatRange(load.PerSecond),
            FormatFigure(load.P50Microseconds.Median),
            FormatFigure(load.P99Microseconds.Median),
            FormatFigure(load.TimedOut),
        }));
}

using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Peers;
using KeysCluster.Benchmarks.Verify;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's parts on loads at several concurrencies: (c) and (e).</summary>
internal static class LoadReport
{
    public static void WritePeers(StringBuilder text, ComparedLoads loads)
    {
        text.Append("\n## Validation beside what peers do\n\n");
        AppendLoads(text, loads);
        text.Append(CultureInfo.InvariantCulture, $"""

            - {PeerRounds.Count} rounds of a second each, with {PeerRounds.Keys:N0} keys of which every caller goes through all. Each check begins with the
              secret's text and ends with a look at what was found; every answer is looked at.
            - `postgres_select` takes SHA-256 of the text and reads the row by the unique index on it, with Npgsql: prepared,
              no more than five columns, a connection to each caller, held open. `redis_get` takes SHA-256 and gets eight
              bytes of expiry and a name by it, with StackExchange.Redis, so that nothing needs parsing; Redis keeps nothing
              on disk. Callers share 1 connection or {PeerRounds.RedisConnections}: fewer commands to a packet, or more threads that read answers. A ratio is
              over the faster of the two in each round.
            - `cached_validate` and `grain_validate` run in the silo's process, which is where a service can have them.
              `verify_http` calls a node in another process over connections that are kept alive, by `wrk` with one thread.
            - Each call in this process is timed by itself, which costs a validation from memory about a tenth of its time.
            - A grain call times out after a second; where callers of the same process keep every core busy, one may be left
              waiting as long.

            """);
    }

    public static void WriteVerify(StringBuilder text, ComparedLoads loads)
    {
        text.Append("\n## `verify` beside what ASP.NET Core takes for itself\n\n");
        AppendLoads(text, loads);
        text.Append(CultureInfo.InvariantCulture, $"""

            - {VerifyRounds.Count} rounds of a second each. `wrk` with one thread sends the same requests to all three, over connections that are
              kept alive; each server is a process of its own with the node's settings of Kestrel, of logs and of the GC.
            - `empty_endpoint` is a minimal API endpoint that answers 200 with no body, with no authentication and nothing
              before it. `json_endpoint` reads the JSON that `verify` reads and answers with as many members as `verify`
              does, and knows nothing: what is left to a service that looks nothing up.

            """);
    }

    private static void AppendLoads(StringBuilder text, ComparedLoads loads) => text.AppendTable(
        ["Load", "At once", "Per second", "Rounds, from – to", "p50, µs", "p99, µs", "Timed out"],
        loads.Loads.OrderBy(load => load.Concurrency).Select(load => new[]
        {
            load.Name, FormatFigure(load.Concurrency), FormatFigure(load.PerSecond.Median), FormatRange(load.PerSecond),
            FormatFigure(load.P50Microseconds.Median), FormatFigure(load.P99Microseconds.Median), FormatFigure(load.TimedOut),
        }));
}

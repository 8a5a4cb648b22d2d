using KeysCluster.Benchmarks.Rotation;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The section on rotations: (d).</summary>
internal static class RotationReport
{
    public static void Append(MarkdownDocument document, RotationFigures figures) => document
        .Append("## Rotation")
        .AppendTable(
            ["Change", "Callers", "Per second", "Rounds, from – to", "Over the bare update", "p50, ms", "p99, ms"],
            figures.Loads
                .OrderBy(load => load.Concurrency)
                .ThenByDescending(load => load.Pass == "first")
                .ThenBy(load => load.Name)
                .Select(load => new[]
                {
                    $"{load.Name}, {load.Pass}",
                    FormatFigure(load.Concurrency),
                    FormatFigure(load.PerSecond.Median),
                    FormatRange(load.PerSecond),
                    FormatFigure(load.ThroughputOverBaseline.Median),
                    FormatFigure(load.P50Milliseconds),
                    FormatFigure(load.P99Milliseconds),
                }))
        .Append($"""
            - {RotationRounds.Count} rounds; p50 and p99 are those of all changes of all rounds.
            - `{figures.Baseline}` is one prepared `UPDATE … SET payload, version WHERE id AND version` by primary key,
              over persistent connections, of rows as large as a key's state after one rotation
              ({figures.PayloadBytes[0]} bytes) and after two ({figures.PayloadBytes[1]} bytes). `rotate_grain` calls
              the grain in the process of the silo. `rotate_http` calls a silo in another process. All of them write to
              one PostgreSQL on this machine, with `fsync` and `synchronous_commit` on.
            - `first` is the first rotation of a key in a grace period, as most are: it writes the erasure reminder and
              the key. `again` is the next one, which only writes the key. Every write of a key also writes its audit
              row, in the same transaction.
            """);
}

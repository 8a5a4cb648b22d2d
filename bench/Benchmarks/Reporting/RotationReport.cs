using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Rotation;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's part on rotations: (d).</summary>
internal static class RotationReport
{
    public static void Write(StringBuilder text, RotationFigures figures)
    {
        text.Append("\n## Rotation\n\n");
        text.AppendTable(
            ["Change", "At once", "Per second", "Rounds, from – to", "Over the bare update", "p50, ms", "p99, ms"],
            figures.Loads
                .OrderBy(load => load.Concurrency).ThenByDescending(load => load.Pass == "first").ThenBy(load => load.Name)
                .Select(load => new[]
                {
                    $"{load.Name}, {load.Pass}", FormatFigure(load.Concurrency), FormatFigure(load.PerSecond.Median), FormatRange(load.PerSecond),
                    FormatFigure(load.ThroughputOverBaseline.Median), FormatFigure(load.P50Milliseconds), FormatFigure(load.P99Milliseconds),
                }));
        text.Append(CultureInfo.InvariantCulture, $"""

            - {RotationRounds.Count} rounds; p50 and p99 are over all changes of all rounds.
            - `{figures.Baseline}` is one prepared `UPDATE … SET payload, version WHERE id AND version` by primary key, on
              connections held open, of rows as large as a key's state after one rotation ({figures.PayloadBytes[0]} bytes) and after two
              ({figures.PayloadBytes[1]} bytes). `rotate_grain` calls the grain in the silo's process; `rotate_http` calls a node that is
              another process. All write to one PostgreSQL on this machine, with `fsync` and `synchronous_commit` on.
            - `first` is the first rotation of a key in a grace period, as most are: it writes the reminder of the erasure and
              the key. `again` is the next one, which writes the key alone. Either write of a key also writes its audit
              row, in the same transaction.

            """);
    }
}

using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Reporting;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The report's part on many keys and on floods.</summary>
internal static class ScaleReport
{
    public static void Write(StringBuilder text, ScaleFigures figures)
    {
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Scale: what stands behind the ratios

            A node over HTTP, on a database with {GrowthRounds.FewKeys:N0} virtual keys of one project and on one with {GrowthRounds.ManyKeys:N0}. `get`
            and `cold_validate` take keys that the node has not seen since its start. The read of such a key touches
            {figures.ColdValidatePages[0]} pages of the database with few keys and {figures.ColdValidatePages[1]} with many.


            """);
        text.AppendTable(
            ["Operation", $"{GrowthRounds.FewKeys:N0} keys, ms", "Rounds, from – to", $"{GrowthRounds.ManyKeys:N0} keys, ms", "Rounds, from – to"],
            figures.Growth.Select(growth => new[]
            {
                growth.Name, FormatFigure(growth.FewMilliseconds.Median), FormatRange(growth.FewMilliseconds),
                FormatFigure(growth.ManyMilliseconds.Median), FormatRange(growth.ManyMilliseconds),
            }));

        text.Append(CultureInfo.InvariantCulture, $"""

            In memory an active key takes {FormatFigure(figures.BytesPerActiveKey)} B with its state, and a cached secret {FormatFigure(figures.BytesPerCachedSecret)} B with the state of
            its key.

            ## Floods: what stands behind the ratios

            Known keys are validated from memory by one caller; {FloodRounds.FloodCallers} others validate secrets of keys that do not exist
            (`unknown`), of revoked keys (`ended`), and wrong secrets of one key (`hot`), as fast as they can.


            """);
        text.AppendTable(
            ["Flood", "Its validations/s", "Known, p99 without, ns", "Rounds, from – to", "Known, p99 with, ns", "Rounds, from – to"],
            figures.Floods.Select(flood => new[]
            {
                flood.Name, FormatFigure(flood.FloodPerSecond.Median), FormatFigure(flood.CalmP99Nanoseconds.Median),
                FormatRange(flood.CalmP99Nanoseconds), FormatFigure(flood.P99Nanoseconds.Median),
                FormatRange(flood.P99Nanoseconds),
            }));

        var grains = figures.GrainFlood;
        text.Append(CultureInfo.InvariantCulture, $"""

            Through grains, {grains.Keys:N0} validations of as many keys that do not exist ran at {FormatFigure(grains.PerSecond)} a second,
            {grains.Late:N0} of them too late to be answered; each wakes a grain, which goes at once. The process held {FormatFigure(grains.PeakMiB)} MiB at most, garbage included, and kept {FormatFigure(grains.BytesLeftPerKey)} B a key.

            """);
        text.Append(DescribeMethod());
    }

    private static string DescribeMethod() => $"""

        - Scale: states that the service's own rules made, in rows made by `COPY` with Orleans' own hashes, together with
          those that its triggers write; then `VACUUM ANALYZE`. Two nodes, each a process of its own on a database of its
          own, take turns call by call; a round ({GrowthRounds.Count} in all) begins with their start and has {SeededSilo.OperationsPerRound} calls of each kind, one
          at a time. A ratio is that of the medians of one round.
        - Memory: what the process holds after a full collection, over {KeyMemory.KeyCount:N0} active keys and {KeyMemory.SecretCount:N0} cached secrets.
        - Floods: the validator without a silo, on storage that answers at once from memory, so that nothing slows the flood
          but the processor. Seconds without and with it take turns, {FloodRounds.Count} of each; every call of the known keys is timed.

        """;
}

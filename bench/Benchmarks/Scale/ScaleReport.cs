using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The sections on many keys and on floods: (f).</summary>
internal static class ScaleReport
{
    public static void Append(MarkdownDocument document, ScaleFigures figures)
    {
        AppendScale(document, figures);
        AppendFloods(document, figures);
        document.Append($"""
            - Scale: the rules of the service compute the states. The rows, including those that triggers write, are
              written by `COPY` with the hashes of Orleans, followed by `VACUUM ANALYZE`. Two silo processes, each on
              its own database, alternate call by call. A round ({GrowthRounds.Count} in total) begins with their start
              and has {SeededSilo.OperationsPerRound} calls of each kind, one at a time. A ratio divides the medians of
              one round.
            - Memory: the heap after a full collection, with {KeyMemory.KeyCount:N0} active keys and
              {KeyMemory.SecretCount:N0} cached secrets.
            - Floods: the validator without a silo, on storage that completes reads synchronously, so that only the
              processor limits the flood. Seconds without and with the flood alternate, {FloodRounds.Count} of each.
              Every validation of a cached key is timed.
            """);
    }

    private static void AppendScale(MarkdownDocument document, ScaleFigures figures) => document
        .Append($"""
            ## Scale

            A silo over HTTP, on a database with {GrowthRounds.FewKeys:N0} virtual keys of one project and on one with
            {GrowthRounds.ManyKeys:N0}. `get` and `cold_validate` use keys that the silo has not read since its start.
            The read of such a key touches {figures.ColdValidatePages[0]} pages of the database with few keys and
            {figures.ColdValidatePages[1]} with many.
            """)
        .AppendTable(
            ["Operation", $"{GrowthRounds.FewKeys:N0} keys, ms", "Rounds, from – to",
                $"{GrowthRounds.ManyKeys:N0} keys, ms", "Rounds, from – to"],
            figures.Growth.Select(growth => new[]
            {
                growth.Name,
                FormatFigure(growth.FewMilliseconds.Median),
                FormatRange(growth.FewMilliseconds),
                FormatFigure(growth.ManyMilliseconds.Median),
                FormatRange(growth.ManyMilliseconds),
            }))
        .Append($"""
            An active key takes {FormatFigure(figures.BytesPerActiveKey)} B of memory, including its state. A cached
            secret takes {FormatFigure(figures.BytesPerCachedSecret)} B, including the state of its key.
            """);

    private static void AppendFloods(MarkdownDocument document, ScaleFigures figures)
    {
        var grains = figures.GrainFlood;
        document
            .Append($"""
                ## Floods

                One caller validates cached keys. {FloodRounds.FloodCallers} other callers validate secrets of keys that
                do not exist (`unknown`), secrets of revoked keys (`ended`), or wrong secrets of one key (`hot`), as
                fast as they can.
                """)
            .AppendTable(
                ["Flood", "Validations/s of the flood", "Cached, p99 without, ns", "Rounds, from – to",
                    "Cached, p99 with, ns", "Rounds, from – to"],
                figures.Floods.Select(flood => new[]
                {
                    flood.Name,
                    FormatFigure(flood.FloodPerSecond.Median),
                    FormatFigure(flood.BaselineP99Nanoseconds.Median),
                    FormatRange(flood.BaselineP99Nanoseconds),
                    FormatFigure(flood.P99Nanoseconds.Median),
                    FormatRange(flood.P99Nanoseconds),
                }))
            .Append($"""
                By grain calls, {grains.Keys:N0} validations of as many keys that do not exist ran at
                {FormatFigure(grains.PerSecond)} per second; {grains.TimedOut:N0} of them timed out. Each activates a
                grain, which is deactivated immediately. The heap had at most {FormatFigure(grains.PeakMiB)} MiB,
                including garbage, and grew by {FormatFigure(grains.BytesLeftPerKey)} B per key.
                """);
    }
}

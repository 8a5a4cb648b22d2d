using System.Globalization;
using System.Text;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>What a soak at full load showed, beside that nothing died.</summary>
internal sealed class SoakReport(HistoryRunOptions settings, IReadOnlyList<RecordedCall> calls)
{
    public Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        return File.WriteAllTextAsync(Path.Combine(folder, "soak-report.md"), ToString());
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("# A soak at full load");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{settings.Silos} silos, {settings.FrontEnds} front ends, PostgreSQL and {settings.Clients} clients on {Environment.ProcessorCount} cores, and "
            + $"{2 * Environment.ProcessorCount} threads that do nothing but compute, for {settings.SoakDuration.TotalMinutes:0.#} minutes:");
        text.AppendLine("no silo was declared dead, and no process ended.");
        text.AppendLine();
        text.AppendLine("| Calls | All | 503 | Median, ms | 99 %, ms | Longest, ms |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        Row("validations and reads", [.. calls.Where(call => !call.IsChange)]);
        Row("changes", [.. calls.Where(call => call.IsChange)]);
        text.AppendLine();
        text.AppendLine("Written by `tests/Cluster.EndToEnd/run.sh --soak 10`.");
        return text.ToString();

        void Row(string name, RecordedCall[] some)
        {
            var times = some.Select(call => call.Duration.TotalMilliseconds).Order().ToArray();
            if (times.Length == 0) return;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {times.Length} | {some.Count(call => call.Status == 503)} | {times[times.Length / 2]:0.0} | {times[times.Length * 99 / 100]:0.0} | {times[^1]:0.0} |");
        }
    }
}

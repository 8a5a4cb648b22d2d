using System.Text.Json.Nodes;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Reads and writes the report in the repository.</summary>
internal static class BenchmarkReportFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "benchmarks");
    private static readonly ReportFiles Files = new(Folder, "report", new RoundedDoubleConverter());

    public static Task<BenchmarkReport> ReadAsync() => Files.ReadAsync<BenchmarkReport>();

    public static async Task WriteAsync(BenchmarkReport report)
    {
        var (headlines, ratios) = (Headlines.From(report), Ratios.From(report));
        var json = new JsonObject();
        foreach (var headline in headlines) json[headline.Name] = Files.ToJson(headline.Measured);
        json["ratios"] = Files.ToJson(ratios);
        foreach (var (name, value) in Files.ToJson(report)!.AsObject()) json[name] = value?.DeepClone();

        await Files.WriteAsync(BenchmarkMarkdown.Render(report, headlines, ratios), json);
        Console.WriteLine($"The report is in {Folder}.");
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes a report for people and for programs, to where the repository keeps them.</summary>
internal static class BenchmarkReportFiles
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new RoundedDoubleConverter() },
    };

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "benchmarks");

    /// <summary>The report that is there.</summary>
    public static async Task<BenchmarkReport> ReadAsync()
    {
        await using var file = File.OpenRead(Path.Combine(Folder, "report.json"));
        return (await JsonSerializer.DeserializeAsync<BenchmarkReport>(file, JsonOptions))!;
    }

    public static async Task WriteAsync(BenchmarkReport report)
    {
        Directory.CreateDirectory(Folder);
        var (headlines, ratios) = (Headlines.From(report), Ratios.From(report));
        var json = new JsonObject();
        foreach (var headline in headlines) json[headline.Name] = ToNode(headline.Measured);
        json["ratios"] = ToNode(ratios);
        foreach (var (name, value) in ToNode(report)!.AsObject()) json[name] = value?.DeepClone();

        await File.WriteAllTextAsync(Path.Combine(Folder, "report.json"), json.ToJsonString(JsonOptions) + "\n");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "report.md"), BenchmarkMarkdown.Render(report, headlines, ratios));
        Console.WriteLine($"The report is in {Folder}.");
    }

    private static JsonNode? ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, JsonOptions);
}

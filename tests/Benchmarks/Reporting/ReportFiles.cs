using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes a report for people and for programs, to where the repository keeps them.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new RoundedNumber() },
    };

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "benchmarks");

    /// <summary>The report that is there.</summary>
    public static async Task<Report> ReadAsync()
    {
        await using var file = File.OpenRead(Path.Combine(Folder, "report.json"));
        return (await JsonSerializer.DeserializeAsync<Report>(file, Json))!;
    }

    public static async Task WriteAsync(Report report)
    {
        Directory.CreateDirectory(Folder);
        var (headlines, ratios) = (Headlines.Of(report), Ratios.Of(report));
        var json = new JsonObject();
        foreach (var headline in headlines) json[headline.Name] = Node(headline.Measured);
        json["ratios"] = Node(ratios);
        foreach (var (name, value) in Node(report)!.AsObject()) json[name] = value?.DeepClone();

        await File.WriteAllTextAsync(Path.Combine(Folder, "report.json"), json.ToJsonString(Json) + "\n");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "report.md"), MarkdownReport.Write(report, headlines, ratios));
        Console.WriteLine($"The report is in {Folder}.");
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Json);
}

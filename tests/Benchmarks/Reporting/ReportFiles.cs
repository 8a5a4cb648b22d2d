using System.Text.Json;
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

    /// <summary>The report that is there.</summary>
    public static async Task<Report> ReadAsync()
    {
        await using var file = File.OpenRead(Path.Combine(Repository.Root, "docs", "benchmarks", "report.json"));
        return (await JsonSerializer.DeserializeAsync<Report>(file, Json))!;
    }

    public static async Task WriteAsync(Report report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "benchmarks")).FullName;
        var ratios = Ratios.Of(report);
        var json = JsonSerializer.Serialize(
            new { ratios, report.Machine, report.Validation, report.Rotation, report.Reminders, report.Scale }, Json);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), json + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), MarkdownReport.Write(report, ratios));
        Console.WriteLine($"The report is in {folder}.");
    }
}

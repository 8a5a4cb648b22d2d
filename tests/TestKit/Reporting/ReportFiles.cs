using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace KeysCluster.TestKit.Reporting;

/// <summary>The files of a report: Markdown for people, and the figures as JSON for programs.</summary>
/// <param name="folder">The folder of the files.</param>
/// <param name="name">The name of the files without an extension.</param>
/// <param name="converters">Converters of the figures.</param>
public sealed class ReportFiles(string folder, string name, params JsonConverter[] converters)
{
    private readonly JsonSerializerOptions _options = CreateOptions(converters);

    /// <summary>Writes the Markdown, and the figures if there are any.</summary>
    public async Task WriteAsync(string markdown, JsonNode? figures = null)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), markdown);
        if (figures is not null)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.json"), figures.ToJsonString(_options) + "\n");
    }

    /// <summary>Reads the figures of an existing report.</summary>
    public async Task<T> ReadAsync<T>()
    {
        await using var file = File.OpenRead(Path.Combine(folder, $"{name}.json"));
        return (await JsonSerializer.DeserializeAsync<T>(file, _options))!;
    }

    /// <summary>Converts figures to JSON. Member names become snake case.</summary>
    public JsonNode? ToJson<T>(T figures) => JsonSerializer.SerializeToNode(figures, _options);

    private static JsonSerializerOptions CreateOptions(JsonConverter[] converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
        };
        foreach (var converter in converters) options.Converters.Add(converter);
        return options;
    }
}

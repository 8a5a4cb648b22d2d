using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace KeysCluster.Cli.Output;

/// <summary>Writes results in the form that the user asked for: for people, as JSON, or as ids only.</summary>
internal sealed class ResultWriter(IAnsiConsole console, bool isJson, bool isQuiet)
{
    private static readonly JsonSerializerOptions Indented = CreateOptions(isIndented: true);
    private static readonly JsonSerializerOptions OneLine = CreateOptions(isIndented: false);

    public bool IsJson => isJson;

    public bool IsQuiet => isQuiet;

    /// <summary>Writes a result.</summary>
    /// <param name="value">What to write as JSON.</param>
    /// <param name="quiet">The text for scripts; empty for none.</param>
    /// <param name="writeForPeople">Writes the result for people.</param>
    public void Write(object value, string quiet, Action<IAnsiConsole> writeForPeople)
    {
        if (isJson) WriteLine(JsonSerializer.Serialize(value, Indented));
        else if (!isQuiet) writeForPeople(console);
        else if (quiet.Length > 0) WriteLine(quiet);
    }

    /// <summary>Writes one of many results, each on its own line.</summary>
    public void WriteLine(object value, string quiet, Action<IAnsiConsole> writeForPeople)
    {
        if (isJson) WriteLine(JsonSerializer.Serialize(value, OneLine));
        else if (isQuiet) WriteLine(quiet);
        else writeForPeople(console);
    }

    /// <summary>Text for programs is neither wrapped nor decorated.</summary>
    private void WriteLine(string text) => console.Profile.Out.Writer.WriteLine(text);

    private static JsonSerializerOptions CreateOptions(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = isIndented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NewLine = "\n",
        Converters = { new ApiTimeConverter() },
    };
}

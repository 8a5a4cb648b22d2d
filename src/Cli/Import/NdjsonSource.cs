using System.Runtime.CompilerServices;
using System.Text.Json;
using KeysCluster.Cli.Errors;

namespace KeysCluster.Cli.Import;

/// <summary>Reads rows from a JSON object on each line.</summary>
internal static class NdjsonSource
{
    /// <summary>Exports may leave out members without a value, so that one row does not show every column.</summary>
    private const int RowsWithColumns = 1000;

    public static async Task<SourceRows> OpenAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var rows = ReadAsync(reader, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        var first = new List<SourceRow>();
        while (first.Count < RowsWithColumns && await rows.MoveNextAsync()) first.Add(rows.Current);
        if (first.Count == 0) throw new CliException("The file is empty.");
        var columns = first.SelectMany(row => row.Values.Keys).Distinct().ToList();
        return new SourceRows(columns, ContinueAsync());

        async IAsyncEnumerable<SourceRow> ContinueAsync()
        {
            foreach (var row in first) yield return row;
            first.Clear();
            while (await rows.MoveNextAsync()) yield return rows.Current;
        }
    }

    private static async IAsyncEnumerable<SourceRow> ReadAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var line = 1; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            if (line == 1) text = text.TrimStart('\uFEFF');
            if (line == 1 && text.TrimStart().StartsWith('['))
            {
                throw new CliException(
                    "The file is a JSON array. NDJSON has one object on each line; jq -c '.[]' converts the file.");
            }

            if (!string.IsNullOrWhiteSpace(text)) yield return Parse(line, text);
        }
    }

    private static SourceRow Parse(int line, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var values = new Dictionary<string, string?>();
                foreach (var member in document.RootElement.EnumerateObject())
                    values[member.Name] = GetText(member.Value);
                return new SourceRow(line, values);
            }
        }
        catch (JsonException)
        {
            // Its message may contain a part of the line.
        }

        return SourceRow.Invalid(line, "The line is not a JSON object.");
    }

    private static string? GetText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        _ => value.GetRawText(),
    };
}

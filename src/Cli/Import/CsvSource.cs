using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using KeysCluster.Cli.Errors;

namespace KeysCluster.Cli.Import;

/// <summary>Reads rows from CSV.</summary>
internal static class CsvSource
{
    /// <summary>Stops at a quotation mark that is never closed, before the rest of the file is in memory.</summary>
    private const int MaxFieldLength = 1024 * 1024;

    /// <summary>How PostgreSQL and MySQL write that there is no value.</summary>
    private static readonly string[] NoValue = ["", @"\N", "NULL"];

    public static async Task<SourceRows> OpenAsync(TextReader reader)
    {
        var isMalformed = false;
        var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MaxFieldSize = MaxFieldLength,
            IgnoreBlankLines = false,
            BadDataFound = _ => isMalformed = true,
        });
        if (!await ReadAsync(parser) || parser.Record is not { } columns)
            throw new CliException("The file is empty. A CSV file begins with the names of its columns.");

        // The standard input may begin with a byte order mark.
        columns[0] = columns[0].TrimStart('\uFEFF');
        var repeated = columns.GroupBy(column => column).Where(group => group.Count() > 1).Select(group => group.Key);
        if (repeated.ToList() is { Count: > 0 } names)
            throw new CliException($"The file has more than one column with the name {string.Join(", ", names)}.");
        return new SourceRows(columns, ReadRowsAsync());

        async IAsyncEnumerable<SourceRow> ReadRowsAsync()
        {
            using (parser)
            {
                for (var line = parser.RawRow + 1; await ReadAsync(parser); line = parser.RawRow + 1)
                {
                    var record = parser.Record!;
                    if (record is [""]) continue;
                    yield return CreateRow(line, columns, record, isMalformed);
                    isMalformed = false;
                }
            }
        }
    }

    private static SourceRow CreateRow(int line, string[] columns, string[] record, bool isMalformed)
    {
        if (isMalformed) return SourceRow.Invalid(line, "A quotation mark is misplaced.");
        if (record.Length != columns.Length)
        {
            return SourceRow.Invalid(
                line, $"The row has {record.Length} fields, and the file has {columns.Length} columns.");
        }

        var values = new Dictionary<string, string?>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
            values[columns[i]] = NoValue.Contains(record[i]) ? null : record[i];
        return new SourceRow(line, values);
    }

    private static async Task<bool> ReadAsync(CsvParser parser)
    {
        try
        {
            return await parser.ReadAsync();
        }
        catch (MaxFieldSizeException)
        {
            throw new CliException(
                $"A field in or after line {parser.RawRow + 1} is too long. Is a quotation mark not closed?");
        }
    }
}

using CsvHelper;
using KeysCluster.Cli.Errors;

namespace KeysCluster.Cli.Import;

/// <summary>Reads rows from CSV.</summary>
internal static class CsvSource
{
    /// <summary>Stops at a quotation mark that is never closed, before the rest of the file is in memory.</summary>
    private const int MaxRecordBytes = 1024 * 1024;

    /// <summary>The second and third are how PostgreSQL and MySQL write that there is no value.</summary>
    private static readonly string[] NoValue = ["", @"\N", "NULL"];

    public static async Task<SourceRows> OpenAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var isMalformed = false;
        var options = new CsvReaderOptions
        {
            Separator = ',',
            MaxRecordSize = MaxRecordBytes,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            NullValues = NoValue,
            OnMalformedRecord = _ => isMalformed = true,
        };
        var csv = CsvReader.Create(reader, options, leaveOpen: true);
        var columns = await ReadHeaderAsync(csv, cancellationToken);
        if (columns.Length == 0) throw new CliException("The file is empty. CSV begins with the names of the columns.");
        var repeated = columns.CountBy(column => column).Where(entry => entry.Value > 1).Select(entry => entry.Key);
        if (repeated.ToList() is { Count: > 0 } names)
            throw new CliException($"The file has more than one column with the name {string.Join(", ", names)}.");
        return new SourceRows(columns, ReadRowsAsync());

        async IAsyncEnumerable<SourceRow> ReadRowsAsync()
        {
            using (csv)
            {
                isMalformed = false;
                while (await ReadAsync(csv, cancellationToken))
                {
                    yield return CreateRow(csv, columns, isMalformed);
                    isMalformed = false;
                }
            }
        }
    }

    private static SourceRow CreateRow(CsvReader csv, string[] columns, bool isMalformed)
    {
        var line = (int)csv.LineNumber;
        if (isMalformed) return SourceRow.Invalid(line, "A quotation mark is misplaced.");
        if (csv.FieldCount != columns.Length)
        {
            return SourceRow.Invalid(
                line, $"The row has {csv.FieldCount} fields, and the file has {columns.Length} columns.");
        }

        var values = new Dictionary<string, string?>(columns.Length);
        for (var i = 0; i < columns.Length; i++) values[columns[i]] = csv.GetStringOrNull(i);
        return new SourceRow(line, values);
    }

    private static async Task<string[]> ReadHeaderAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
            return [.. csv.Headers];
        }
        catch (CsvFormatException exception)
        {
            throw CreateException(exception);
        }
    }

    private static async Task<bool> ReadAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        try
        {
            return await csv.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException exception)
        {
            throw CreateException(exception);
        }
    }

    private static CliException CreateException(CsvFormatException exception) =>
        new($"The row in line {exception.LineNumber} is too long. Is a quotation mark not closed?");
}

namespace KeysCluster.Cli.Import;

/// <summary>The rows of a file, which are read while they are enumerated.</summary>
/// <param name="Columns">The names of the columns that the file is known to have.</param>
/// <param name="Rows">The rows.</param>
internal sealed record SourceRows(IReadOnlyCollection<string> Columns, IAsyncEnumerable<SourceRow> Rows)
{
    /// <exception cref="Errors.CliException">The file is not of the format.</exception>
    public static Task<SourceRows> OpenAsync(
        TextReader reader, ImportFormat format, CancellationToken cancellationToken) =>
        format == ImportFormat.Csv
            ? CsvSource.OpenAsync(reader, cancellationToken)
            : NdjsonSource.OpenAsync(reader, cancellationToken);
}

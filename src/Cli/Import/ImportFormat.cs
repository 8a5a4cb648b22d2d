namespace KeysCluster.Cli.Import;

/// <summary>The format of a file with keys.</summary>
internal enum ImportFormat
{
    /// <summary>A JSON object on each line.</summary>
    Ndjson,

    /// <summary>RFC 4180, with the names of the columns in the first record.</summary>
    Csv,
}

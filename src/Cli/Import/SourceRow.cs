namespace KeysCluster.Cli.Import;

/// <summary>A row of a file with keys.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Values">
/// The columns, or the members of the JSON object, as text; null for no value. Numbers, lists and objects are JSON.
/// </param>
/// <param name="Problem">Why the row cannot be read; null if it can.</param>
internal sealed record SourceRow(int Line, IReadOnlyDictionary<string, string?> Values, string? Problem = null)
{
    public static SourceRow Invalid(int line, string problem) => new(line, new Dictionary<string, string?>(), problem);
}

namespace KeysCluster.Cli.Import;

/// <summary>A row that was not imported.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Name">The name of the key, if the row has one.</param>
/// <param name="ExternalId">The id in the other system, if the row has one.</param>
/// <param name="Code">A code of the API, or <c>invalid_row</c> if the row was not sent.</param>
/// <param name="Message">The reason, for people.</param>
internal sealed record ImportFailure(int Line, string? Name, string? ExternalId, string Code, string Message)
{
    public const string InvalidRow = "invalid_row";
}

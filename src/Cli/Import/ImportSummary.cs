namespace KeysCluster.Cli.Import;

/// <summary>How many rows had which outcome.</summary>
internal sealed record ImportSummary
{
    public int Imported { get; set; }

    /// <summary>Keys that the project had already.</summary>
    public int Unchanged { get; set; }

    public int SkippedRevoked { get; set; }

    public int SkippedExpired { get; set; }

    public int Failed { get; set; }

    /// <summary>Keys that a dry run did not send.</summary>
    public int NotSent { get; set; }

    public int Total => Imported + Unchanged + SkippedRevoked + SkippedExpired + Failed + NotSent;
}

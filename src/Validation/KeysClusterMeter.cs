namespace KeysCluster.Validation;

/// <summary>The meter of all KeysCluster metrics.</summary>
public static class KeysClusterMeter
{
    /// <summary>
    /// The name of the meter. In a client, <c>keys.validations</c> counts verdicts (tag <c>code</c>),
    /// <c>keys.cache.entries</c> and <c>keys.cache.fills</c> are the numbers of cached keys and projects and of fills
    /// in progress (tag <c>kind</c>), and <c>keys.usage_reports.queued</c> is the number of uses that wait to be
    /// reported.
    /// </summary>
    public const string Name = "KeysCluster";
}

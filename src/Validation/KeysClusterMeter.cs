namespace KeysCluster.Validation;

/// <summary>The meter of all KeysCluster metrics.</summary>
public static class KeysClusterMeter
{
    /// <summary>
    /// The name of the meter. In a client, <c>keys.validations</c> counts verdicts (tag <c>code</c>),
    /// <c>keys.cache.entries</c> is the number of cached keys and projects (tag <c>kind</c>), and
    /// <c>keys.usage_reports.queued</c> the number of uses that wait to be reported.
    /// </summary>
    public const string Name = "KeysCluster";
}

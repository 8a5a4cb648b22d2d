namespace KeysCluster.Validation.Telemetry;

/// <summary>The meter of all KeysCluster metrics.</summary>
public static class KeysClusterMeter
{
    /// <summary>
    /// The name of the meter. In a client, <c>keys.validations</c> counts verdicts (tag <c>code</c>),
    /// <c>keys.cache.entries</c> and <c>keys.cache.fills</c> are the numbers of cached keys and projects and of fills
    /// in progress (tag <c>kind</c>), and <c>keys.usage_reports.queued</c> is the number of uses that wait to be
    /// reported. In a host with the REST API, <c>keys.authentications</c> counts authentications (tag <c>outcome</c>)
    /// and <c>keys.authorizations.refused</c> requests that got a 403 (tag <c>reason</c>).
    /// </summary>
    public const string Name = "KeysCluster";
}

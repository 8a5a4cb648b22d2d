using KeysCluster.Security;

namespace KeysCluster.VerificationCounts;

/// <summary>
/// The verifications that the REST API has answered for the API keys of a project, by verdict, over the last 24 hours.
/// The grain key is the text of a <see cref="ProjectId"/>. The counts are in memory only: they begin again when the
/// silo ends.
/// </summary>
[Alias("KeysCluster.IVerificationCountGrain")]
public interface IVerificationCountGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds counts. Those older than 24 hours are ignored. A call whose response is lost counts twice when it is
    /// repeated.
    /// </summary>
    /// <param name="buckets">At most <see cref="VerificationLimits.MaxBuckets"/>.</param>
    /// <exception cref="ArgumentException">The buckets are not within their limits.</exception>
    [Alias("Add"), ResponseTimeout("00:00:02")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task Add(IReadOnlyList<VerificationBucket> buckets);

    /// <summary>Returns the counts of the last 24 hours.</summary>
    [Alias("Read"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VerificationHistory> Read();
}

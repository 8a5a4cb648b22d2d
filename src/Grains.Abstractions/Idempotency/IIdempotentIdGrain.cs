using KeysCluster.Security;
using Orleans.Concurrency;

namespace KeysCluster.Idempotency;

/// <summary>
/// Derives the ids of resources that are created under an idempotency key, so that a retry finds the resource of the
/// first attempt. The ids depend on the pepper: a caller that knows an id cannot test guesses of the idempotency key.
/// The grain key has no meaning.
/// </summary>
[Alias("KeysCluster.IIdempotentIdGrain")]
public interface IIdempotentIdGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Returns the 128 bits of the id for each day under the current pepper, and then under each other pepper, under
    /// which an earlier attempt may have derived its id.
    /// </summary>
    /// <param name="keyDigest">The digest of the idempotency key.</param>
    /// <param name="scope">The scope of the idempotency key: a project id, or <c>projects</c>.</param>
    /// <param name="days">Days, as their numbers since 0001-01-01.</param>
    [Alias("Derive"), AlwaysInterleave, Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    ValueTask<IReadOnlyList<byte[]>> Derive(Sha256Digest keyDigest, string scope, IReadOnlyList<long> days);
}

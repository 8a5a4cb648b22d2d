using KeysCluster.Leases;
using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>A valid API key of a project, with what a client needs to cache the match.</summary>
/// <param name="Id">The id of the API key.</param>
/// <param name="ValidUntil">The deadline of a retiring API key; null for the current one.</param>
/// <param name="Revision">The revision of the project that the match is based on.</param>
/// <param name="Position">
/// The position in the event log that the silo had applied when it began to validate; null when the silo is the only
/// one. A client that is ahead of it does not cache the match.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ApiKeyAnswer")]
public sealed record ApiKeyMatchResponse(
    [property: Id(0)] SecretId Id,
    [property: Id(1)] DateTimeOffset? ValidUntil,
    [property: Id(2)] long Revision,
    [property: Id(3)] LogPosition? Position);

using KeysCluster.Leases;
using KeysCluster.Projects;

namespace KeysCluster.Validation;

/// <summary>An authenticated API key, with what a client needs to cache it.</summary>
/// <param name="ApiKey">The API key.</param>
/// <param name="ValidUntil">
/// The next instant at which a deadline or the expiry of an API key of the project may change the answer; <see
/// cref="DateTimeOffset.MaxValue"/> when none will.
/// </param>
/// <param name="Revision">The revision of the project that the answer is based on.</param>
/// <param name="Position">
/// The position in the event log that the silo had applied when it began to validate; null when the silo is the only
/// one. A client that is ahead of it does not cache the answer.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ApiKeyAuthentication")]
public sealed record ApiKeyAuthenticationResponse(
    [property: Id(0)] AuthenticatedApiKey ApiKey,
    [property: Id(1)] DateTimeOffset ValidUntil,
    [property: Id(2)] long Revision,
    [property: Id(3)] LogPosition? Position);

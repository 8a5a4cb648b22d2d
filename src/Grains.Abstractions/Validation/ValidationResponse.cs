using KeysCluster.Leases;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>A verdict, with what a client needs to cache it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Position">
/// The position in the event log that the silo had applied when it began to validate; null when the silo is the only
/// one. A client that is ahead of it does not cache the verdict.
/// </param>
/// <param name="ValidUntil">
/// The instant at which a deadline or the expiry of the key may change the verdict; <see
/// cref="DateTimeOffset.MaxValue"/> when none will.
/// </param>
/// <param name="ProjectRevision">
/// The revision of the key's project that a valid verdict is based on, 0 when there is no such project. Null for any
/// other verdict, and from a silo of an earlier build, which does not know disabled projects.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ValidationAnswer")]
public sealed record ValidationResponse(
    [property: Id(0)] Verdict Verdict,
    [property: Id(1)] LogPosition? Position,
    [property: Id(2)] DateTimeOffset ValidUntil,
    [property: Id(3)] long? ProjectRevision = null);

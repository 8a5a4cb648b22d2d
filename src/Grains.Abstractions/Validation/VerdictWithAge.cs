using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>A verdict, with what a client needs to cache it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Age">The minimum age of the state that the verdict is based on.</param>
/// <param name="ValidUntil">
/// The instant at which a deadline or the expiry of the key may change the verdict; <see
/// cref="DateTimeOffset.MaxValue"/> when none will. Null from a silo of an earlier build: the client then does not
/// cache the verdict.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.DatedVerdict")]
public sealed record VerdictWithAge(
    [property: Id(0)] Verdict Verdict,
    [property: Id(1)] TimeSpan Age,
    [property: Id(2)] DateTimeOffset? ValidUntil);

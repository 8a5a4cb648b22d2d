using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>A valid API key of a project, with what a client needs to cache the match.</summary>
/// <param name="Id">The id of the API key.</param>
/// <param name="ValidUntil">The deadline of a retiring API key; null for the current one.</param>
/// <param name="Revision">The revision of the project that the match is based on.</param>
/// <param name="Age">The minimum age of the state that the match is based on.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.DatedApiKey")]
public sealed record ApiKeyMatchWithAge(
    [property: Id(0)] SecretId Id,
    [property: Id(1)] DateTimeOffset? ValidUntil,
    [property: Id(2)] long Revision,
    [property: Id(3)] TimeSpan Age);

using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>Creates a project.</summary>
/// <param name="Name">1 to 255 characters. Callers validate this; the grain does not.</param>
/// <param name="ApiKey">The first API key.</param>
/// <param name="Actor">The audit identity of the caller.</param>
/// <param name="Idempotency">Set when the caller may repeat this command.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateProject")]
public sealed record CreateProjectCommand(
    [property: Id(0)] string Name,
    [property: Id(1)] NewSecret ApiKey,
    [property: Id(2)] string Actor,
    [property: Id(3)] IdempotentRequest? Idempotency = null);

using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>Creates a project.</summary>
/// <param name="Name">1 to <see cref="ProjectLimits.MaxNameLength"/> characters.</param>
/// <param name="ApiKey">The first API key.</param>
/// <param name="Actor">The name of the caller in events.</param>
/// <param name="Idempotency">Set when the caller may repeat this command.</param>
/// <param name="ReplayOnly">
/// Creates nothing: an earlier, identical request is replayed, and otherwise the project is not found.
/// </param>
/// <param name="Origin">Where the command comes from; null for a service that calls the grain directly.</param>
/// <param name="Language">
/// The programming language that a client of LangWatch sets, up to <see cref="ProjectLimits.MaxNameLength"/>
/// characters.
/// </param>
/// <param name="Framework">
/// The framework that a client of LangWatch sets, up to <see cref="ProjectLimits.MaxNameLength"/> characters.
/// </param>
/// <param name="TeamId">
/// The id or the name of a team that a client of LangWatch sets, up to <see cref="ProjectLimits.MaxNameLength"/>
/// characters.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateProject")]
public sealed record CreateProjectCommand(
    [property: Id(0)] string Name,
    [property: Id(1)] NewSecret ApiKey,
    [property: Id(2)] string Actor,
    [property: Id(3)] IdempotentRequest? Idempotency = null,
    [property: Id(4)] RequestOrigin? Origin = null,
    [property: Id(5)] bool ReplayOnly = false,
    [property: Id(6)] string? Language = null,
    [property: Id(7)] string? Framework = null,
    [property: Id(8)] string? TeamId = null) : IIdempotentCommand
{
    /// <summary>Returns the caller, in the scope of the project that it creates.</summary>
    public Caller GetCaller(ProjectId project) => new(project, Actor, Origin);
}

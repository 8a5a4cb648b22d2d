using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.Projects;

/// <summary>
/// One project and its API keys; the grain's key is the text of a <see cref="ProjectId"/>. Changes are serialized and
/// durable when they return; reads answer from the last durable state and never wait behind a change.
/// </summary>
/// <remarks>Every call may throw <see cref="Storage.StorageUnavailableException"/>: see there for what then holds.</remarks>
[Alias("KeysCluster.IProjectGrain")]
public interface IProjectGrain : IGrainWithStringKey
{
    /// <summary>Creates the project; null when there is one with this id already.</summary>
    [Alias("Create")]
    Task<Project?> Create(CreateProject command);

    /// <summary>The project; null when there is none.</summary>
    [Alias("Get"), AlwaysInterleave]
    ValueTask<Project?> Get();

    /// <summary>Makes a new API key the current one; the replaced one works for <see cref="GracePeriod.Default"/> more.</summary>
    [Alias("RotateApiKey")]
    Task<ProjectResult> RotateApiKey(NewSecret apiKey, string actor);

    /// <summary>Whether the digest is that of an API key of this project that works now.</summary>
    [Alias("Authenticate"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<bool> Authenticate(SecretDigest digest);
}

/// <summary>What a new project starts with.</summary>
/// <param name="Name">1 to 255 characters.</param>
/// <param name="ApiKey">Its first API key.</param>
/// <param name="Actor">Who asked, for the audit trail.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateProject")]
public sealed record CreateProject(
    [property: Id(0)] string Name,
    [property: Id(1)] NewSecret ApiKey,
    [property: Id(2)] string Actor);

/// <summary>How a change of a project ended.</summary>
/// <param name="Outcome">Whether it was carried out, or why not.</param>
/// <param name="Project">The project after the call; null when there is none.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectResult")]
public sealed record ProjectResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] Project? Project);

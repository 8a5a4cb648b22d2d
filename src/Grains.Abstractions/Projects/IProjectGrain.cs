using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.Projects;

/// <summary>
/// One project and its API keys; the grain's key is the text of a <see cref="ProjectId"/>. Changes are serialized and
/// durable when they return; reads answer from the last durable state and never wait behind a change.
/// </summary>
/// <remarks>Every call may throw <see cref="Storage.StorageUnavailableException"/>: see there for what then holds.</remarks>
[Alias("KeysCluster.IProjectGrain"), GrainInterfaceType(GrainTypes.ProjectInterface)]
public interface IProjectGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the project. Outcomes: done, already exists; with an idempotency key also replayed, idempotency conflict.
    /// </summary>
    [Alias("Create"), SafeToRepeat]
    Task<ProjectResult> Create(CreateProject command);

    /// <summary>The project; null when there is none.</summary>
    [Alias("Get"), AlwaysInterleave, SafeToRepeat]
    ValueTask<Project?> Get();

    /// <summary>
    /// Makes a new API key the current one; the replaced one works for the command's grace period more, each one replaced
    /// earlier until its own deadline. Outcomes: done, not found, too many retiring secrets; with an idempotency key also
    /// replayed, idempotency conflict, too many receipts.
    /// </summary>
    [Alias("RotateApiKey"), SafeToRepeat]
    Task<ProjectResult> RotateApiKey(RotateSecret command);

    /// <summary>Ends one or all retiring API keys now. Outcomes: done, not found, retiring secret not found.</summary>
    [Alias("CutRetiringApiKeys")]
    Task<ProjectResult> CutRetiringApiKeys(CutRetiringSecrets command);

    /// <summary>
    /// Prolongs or shortens a retiring API key. Outcomes: done, not found, retiring secret not found, deadline in the
    /// past, too far.
    /// </summary>
    [Alias("MoveDeadline")]
    Task<ProjectResult> MoveDeadline(MoveDeadline command);

    /// <summary>Whether the digest is that of an API key of this project that works now.</summary>
    /// <exception cref="Storage.ValidationUnavailableException">It cannot be found out now.</exception>
    [Alias("Authenticate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<bool> Authenticate(SecretDigest digest);

    /// <summary>
    /// Takes note that a secret was used; for a process that has answered from its memory. A secret that is gone is ignored.
    /// </summary>
    [Alias("RecordUse"), AlwaysInterleave]
    Task RecordUse(SecretId secret, DateTimeOffset at);
}

/// <summary>What a new project starts with.</summary>
/// <param name="Name">1 to 255 characters.</param>
/// <param name="ApiKey">Its first API key.</param>
/// <param name="Actor">Who asked, for the audit trail.</param>
/// <param name="Idempotency">Set when the caller may send this command again.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateProject")]
public sealed record CreateProject(
    [property: Id(0)] string Name,
    [property: Id(1)] NewSecret ApiKey,
    [property: Id(2)] string Actor,
    [property: Id(3)] IdempotentRequest? Idempotency = null);

/// <summary>How a change of a project ended.</summary>
/// <param name="Outcome">Whether it was carried out, or why not.</param>
/// <param name="Project">The project after the call; null when there is none.</param>
/// <param name="SealedSecret">When <see cref="ChangeOutcome.Replayed"/>: the API key, as its first caller sealed it.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectResult")]
public sealed record ProjectResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] Project? Project,
    [property: Id(2)] byte[]? SealedSecret = null);

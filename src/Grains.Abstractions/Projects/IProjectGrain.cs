using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.Projects;

/// <summary>
/// One project and its API keys. The grain key is the text of a <see cref="ProjectId"/>. Changes of a project run one
/// at a time and are durable when they return. Reads return the last durable state and do not wait for a change in
/// progress.
/// </summary>
/// <remarks>
/// The caller is trusted: authorization is the caller's task. Every method may throw
/// <see cref="Storage.StorageUnavailableException"/>. After it, the outcome of a change is unknown; see the exception.
/// </remarks>
[Alias("KeysCluster.IProjectGrain"), GrainInterfaceType(GrainTypeNames.ProjectInterface)]
public interface IProjectGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the project. Outcomes: done, already exists; with an idempotency key also replayed, idempotency
    /// conflict.
    /// </summary>
    [Alias("Create"), Retryable]
    Task<ProjectResult> Create(CreateProjectCommand command);

    /// <summary>Returns the project; null when there is none.</summary>
    [Alias("Get"), AlwaysInterleave, Retryable]
    ValueTask<Project?> Get();

    /// <summary>
    /// Makes a new API key the current one. The replaced API key stays valid for the grace period of the command, each
    /// one replaced earlier until its own deadline. Outcomes: done, not found, too many retiring secrets; with an
    /// idempotency key also replayed, idempotency conflict, too many idempotency records.
    /// </summary>
    [Alias("RotateApiKey"), Retryable]
    Task<ProjectResult> RotateApiKey(RotateSecretCommand command);

    /// <summary>
    /// Expires one or all retiring API keys now. Outcomes: done, not found, retiring secret not found.
    /// </summary>
    [Alias("CutRetiringApiKeys")]
    Task<ProjectResult> ExpireRetiringApiKeys(ExpireRetiringSecretsCommand command);

    /// <summary>
    /// Extends or shortens the grace period of a retiring API key. Outcomes: done, not found, retiring secret not
    /// found, deadline in the past, deadline too far.
    /// </summary>
    [Alias("MoveDeadline")]
    Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command);

    /// <summary>
    /// Records a use of an API key that an authenticator answered from its cache. The use of an erased API key is
    /// ignored.
    /// </summary>
    /// <param name="secret">The id of the API key.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    [Alias("RecordUse"), AlwaysInterleave]
    Task RecordUse(SecretId secret, DateTimeOffset at);
}

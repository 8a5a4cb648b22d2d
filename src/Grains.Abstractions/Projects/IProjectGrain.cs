using KeysCluster.Secrets;
using KeysCluster.Security;
using KeysCluster.Webhooks;
using Orleans.Concurrency;

namespace KeysCluster.Projects;

/// <summary>
/// One project and its API keys. The grain key is the text of a <see cref="ProjectId"/>. Changes of a project run one
/// at a time and are durable when they return. Reads return the last durable state and do not wait for a change in
/// progress.
/// </summary>
/// <remarks>
/// A caller that is a service or the administrator is trusted: authorization is its task. The grain checks what an API
/// key (<see cref="ActorKind.ApiKey"/>) or a person (<see cref="ActorKind.User"/>) requests for API keys: they never
/// grant more than they have. Every method may throw <see cref="Storage.StorageUnavailableException"/>. After it, the
/// outcome of a change is unknown; see the exception.
/// A command beyond the limits of <see cref="ProjectLimits"/> and <see cref="ApiKeyLimits"/> changes nothing and throws
/// an <see cref="ArgumentException"/>.
/// </remarks>
[Alias("KeysCluster.IProjectGrain"), GrainInterfaceType(GrainTypeNames.ProjectInterface)]
public interface IProjectGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the project. Outcomes: done, already exists; with an idempotency key also replayed, idempotency
    /// conflict.
    /// </summary>
    [Alias("Create"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Create(CreateProjectCommand command);

    /// <summary>Returns the project; null when there is none.</summary>
    [Alias("Get"), AlwaysInterleave, Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    ValueTask<Project?> Get();

    /// <summary>Changes fields of the project. Outcomes: done, not found.</summary>
    [Alias("Update")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Update(UpdateProjectCommand command);

    /// <summary>
    /// Refuses all virtual keys and API keys of the project until it is enabled again. When the call returns, no
    /// process accepts one. Outcomes: done (also when the project already was disabled; the first reason is kept), not
    /// found.
    /// </summary>
    /// <param name="caller">The identity on whose behalf the project is disabled.</param>
    /// <param name="reason">Up to <see cref="ProjectLimits.MaxReasonLength"/> characters, or null.</param>
    [Alias("Disable")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Disable(Caller caller, string? reason);

    /// <summary>
    /// Reverts <see cref="Disable"/>. Outcomes: done (also when the project already was enabled), not found.
    /// </summary>
    [Alias("Enable")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Enable(Caller caller);

    /// <summary>
    /// Refuses all virtual keys and API keys of the project permanently, and removes it from the list. Only
    /// <see cref="Erase"/> is possible afterwards; everything else does not find the project. Outcomes: done (also when
    /// the project already was archived), not found.
    /// </summary>
    [Alias("Archive"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Archive(Caller caller);

    /// <summary>
    /// Begins to erase an archived project: its virtual keys, its events and then the project itself, in the
    /// background. Outcomes: done (also when this has begun already), not found, project not archived.
    /// </summary>
    [Alias("Erase"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> Erase(Caller caller);

    /// <summary>
    /// Creates an API key. Outcomes: done, not found, too many API keys, expiry in the past, and those of a caller that
    /// is an API key: permission missing, expiry exceeds caller, caller retiring, caller invalid; with an idempotency
    /// key also replayed, idempotency conflict, too many idempotency records.
    /// </summary>
    [Alias("CreateApiKey"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> CreateApiKey(CreateApiKeyCommand command);

    /// <summary>
    /// Changes an API key. When the call returns, no process accepts a removed permission. Outcomes: done, not found,
    /// API key not found, expiry in the past, and those of a caller that is an API key.
    /// </summary>
    [Alias("UpdateApiKey")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> UpdateApiKey(UpdateApiKeyCommand command);

    /// <summary>
    /// Deletes an API key with all its secrets. When the call returns, no process accepts one. Outcomes: done, not
    /// found, API key not found, and those of a caller that is an API key.
    /// </summary>
    [Alias("DeleteApiKey")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> DeleteApiKey(Caller caller, ApiKeyId id);

    /// <summary>
    /// Makes a new secret the current one of an API key. The replaced secret stays valid for the grace period of the
    /// command, each one replaced earlier until its own deadline. Outcomes: done, not found, API key not found, too
    /// many retiring secrets, and those of a caller that is an API key; with an idempotency key also replayed,
    /// idempotency conflict, too many idempotency records.
    /// </summary>
    [Alias("RotateApiKeyById"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> RotateApiKey(RotateSecretCommand command, ApiKeyId id);

    /// <summary>
    /// Expires one or all retiring secrets of an API key now. Outcomes: done, not found, API key not found, retiring
    /// secret not found, and those of a caller that is an API key.
    /// </summary>
    [Alias("ExpireRetiringSecrets")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> ExpireRetiringSecrets(ExpireRetiringSecretsCommand command, ApiKeyId id);

    /// <summary>
    /// Extends or shortens the grace period of a retiring secret of an API key. Outcomes: done, not found, API key not
    /// found, retiring secret not found, deadline in the past, deadline too far, deadline past expiry, and those of a
    /// caller that is an API key.
    /// </summary>
    [Alias("ChangeDeadlineOfApiKey")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command, ApiKeyId id);

    /// <summary>Rotates the API key with which the project was created. See the other overload.</summary>
    [Alias("RotateApiKey"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> RotateApiKey(RotateSecretCommand command);

    /// <summary>
    /// Expires retiring secrets of the API key with which the project was created. See the other overload.
    /// </summary>
    [Alias("CutRetiringApiKeys")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> ExpireRetiringApiKeys(ExpireRetiringSecretsCommand command);

    /// <summary>
    /// Changes a deadline of the API key with which the project was created. See the other overload.
    /// </summary>
    [Alias("MoveDeadline")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command);

    /// <summary>
    /// Creates a webhook. Outcomes: done, not found, too many webhooks, webhook URL not allowed; with an idempotency
    /// key also replayed, idempotency conflict, too many idempotency records.
    /// </summary>
    [Alias("CreateWebhook"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> CreateWebhook(CreateWebhookCommand command);

    /// <summary>
    /// Changes a webhook. Outcomes: done, not found, webhook not found, webhook URL not allowed. A webhook that is
    /// enabled again also sends what was pending when it was disabled.
    /// </summary>
    [Alias("UpdateWebhook")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> UpdateWebhook(UpdateWebhookCommand command);

    /// <summary>
    /// Makes a new signing secret the current one of a webhook. The replaced one signs too until the grace period ends.
    /// Outcomes: done, not found, webhook not found, too many webhook secrets; with an idempotency key also replayed,
    /// idempotency conflict, too many idempotency records.
    /// </summary>
    [Alias("RotateWebhookSecret"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> RotateWebhookSecret(RotateWebhookSecretCommand command);

    /// <summary>
    /// Deletes a webhook with its signing secrets. Deliveries that are pending are not sent. Outcomes: done, not found,
    /// webhook not found.
    /// </summary>
    [Alias("DeleteWebhook")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectResult> DeleteWebhook(Caller caller, WebhookId id);

    /// <summary>
    /// Disables a webhook whose endpoint has not accepted a delivery for three days, unless its URL has changed
    /// meanwhile. Only silos call it. Outcomes: done, not found, webhook not found.
    /// </summary>
    /// <param name="id">The webhook.</param>
    /// <param name="url">The URL that did not accept the delivery.</param>
    [Alias("DisableFailingWebhook"), Retryable]
    Task<ProjectResult> DisableFailingWebhook(WebhookId id, string url);

    /// <summary>
    /// Encrypts the signing secrets of webhooks under the current pepper that are encrypted under another one. Only
    /// silos call it. Outcomes: done, not found.
    /// </summary>
    [Alias("ResealWebhookSecrets"), Retryable]
    Task<ProjectResult> ResealWebhookSecrets();

    /// <summary>
    /// Records a use of an API key that an authenticator of the previous build answered from its cache. The use of an
    /// erased secret is ignored. When it is removed: docs/adr/0026-one-earlier-build.md.
    /// </summary>
    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    [Alias("RecordUse"), AlwaysInterleave]
    [AllowClients(ClientRoles.All)]
    Task RecordUse(SecretId secret, DateTimeOffset at);

    /// <summary>
    /// Records a use of an API key that an authenticator answered from its cache. The use of an erased secret is
    /// ignored. If the stored hash of the secret is under another pepper than the current one, the secret is rehashed
    /// with the next write.
    /// </summary>
    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    /// <param name="digest">The digest of the secret, as its user presented it. Another digest changes nothing.</param>
    [Alias("RecordUseOfDigest"), AlwaysInterleave]
    [AllowClients(ClientRoles.All)]
    Task RecordUse(SecretId secret, DateTimeOffset at, Sha256Digest digest);
}

using System.Net;
using KeysCluster.Secrets;
using KeysCluster.Security;
using Orleans.Concurrency;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// One virtual key. The grain key is the text of a <see cref="VirtualKeyId"/>. Changes of a key run one at a time and
/// are durable when they return. Reads return the last durable state and do not wait for a change in progress.
/// </summary>
/// <remarks>
/// The caller is trusted: authorization is the caller's task. Every method may throw
/// <see cref="Storage.StorageUnavailableException"/>. After it, the outcome of a change is unknown; see the exception.
/// A command beyond the limits of <see cref="VirtualKeyLimits"/> changes nothing and throws an
/// <see cref="ArgumentException"/>.
/// </remarks>
[Alias("KeysCluster.IVirtualKeyGrain"), GrainInterfaceType(GrainTypeNames.VirtualKeyInterface)]
public interface IVirtualKeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the key. Outcomes: done, already exists, expiry in the past, text too long, config too long, external id
    /// taken, too many virtual keys, secret taken (only with <see cref="CreateVirtualKeyCommand.IsImported"/>), not
    /// found (only with <see cref="CreateVirtualKeyCommand.ReplayOnly"/>); with an idempotency key also replayed,
    /// idempotency conflict.
    /// </summary>
    [Alias("Create"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Create(CreateVirtualKeyCommand command);

    /// <summary>Returns the key; null when there is none for this caller.</summary>
    [Alias("Get"), AlwaysInterleave, Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    ValueTask<VirtualKey?> Get(Caller caller);

    /// <summary>
    /// Changes the name, description, provider credentials, expiry, permissions, external id, metadata, configuration
    /// or allowed addresses of the key. Outcomes: done, not found, key revoked, expiry in the past, text too long,
    /// config too long, external id taken.
    /// </summary>
    [Alias("Update")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Update(UpdateVirtualKeyCommand command);

    /// <summary>
    /// Makes a new secret the current one. The replaced secret stays valid for the grace period of the command, each
    /// secret replaced earlier until its own deadline, and none past the expiry of the key. Outcomes: done, not found,
    /// key revoked, too many retiring secrets; with an idempotency key also replayed, idempotency conflict, too many
    /// idempotency records.
    /// </summary>
    [Alias("Rotate"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Rotate(RotateSecretCommand command);

    /// <summary>
    /// Expires one or all retiring secrets now. Outcomes: done, not found, key revoked, retiring secret not found.
    /// </summary>
    [Alias("CutRetiringSecrets")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> ExpireRetiringSecrets(ExpireRetiringSecretsCommand command);

    /// <summary>
    /// Extends or shortens the grace period of a retiring secret. Outcomes: done, not found, key revoked, retiring
    /// secret not found, deadline in the past, deadline too far, deadline past expiry.
    /// </summary>
    [Alias("MoveDeadline")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> ChangeDeadline(ChangeDeadlineCommand command);

    /// <summary>
    /// Makes every secret of the key invalid until the key is enabled again. Grace periods continue to run. Outcomes:
    /// done (also when the key already was disabled; the first reason is kept), not found, key revoked.
    /// </summary>
    /// <param name="caller">The identity on whose behalf the key is disabled.</param>
    /// <param name="reason">Up to <see cref="VirtualKeyLimits.MaxReasonLength"/> characters, or null.</param>
    [Alias("Disable")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Disable(Caller caller, string? reason);

    /// <summary>
    /// Reverts <see cref="Disable"/>. Outcomes: done (also when the key already was enabled), not found, key revoked.
    /// </summary>
    [Alias("Enable")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Enable(Caller caller);

    /// <summary>
    /// Revokes the key with all its secrets. This is final. Outcomes: done (also when the key already was revoked), not
    /// found.
    /// </summary>
    [Alias("Revoke"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyResult> Revoke(Caller caller);

    /// <summary>
    /// Returns the verdict on a use of this key that requires no permission, from an unknown address. See the other
    /// overload.
    /// </summary>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<Verdict> Validate(Sha256Digest digest, ProjectId? project);

    /// <summary>
    /// Returns the verdict on a use of this key, as of now; a valid one counts as a use of the key. For in-cluster
    /// services that call grains directly and need no cache of their own. <c>IVirtualKeyValidator</c> of the package
    /// KeysCluster.Validation gives the same verdicts, parses the secret, and answers from a local cache.
    /// </summary>
    /// <param name="digest">The digest of the presented secret.</param>
    /// <param name="project">When set, a key of any other project is not found, and its use is not recorded.</param>
    /// <param name="permissions">The permissions that the use requires; null or empty for none.</param>
    /// <param name="address">
    /// The address of the client; null if unknown, for which a key with allowed addresses is refused.
    /// </param>
    /// <returns><see cref="Verdict.Unavailable"/> when validity cannot be determined now.</returns>
    [Alias("ValidateUse"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<Verdict> Validate(
        Sha256Digest digest, ProjectId? project, IReadOnlyList<string>? permissions, IPAddress? address);

    /// <summary>
    /// Records a use of a secret that a validator of the previous build answered from its cache. The use of an erased
    /// secret is ignored. When it is removed: docs/adr/0026-one-earlier-build.md.
    /// </summary>
    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    [Alias("RecordUse"), AlwaysInterleave]
    [AllowClients(ClientRoles.All)]
    Task RecordUse(SecretId secret, DateTimeOffset at);

    /// <summary>
    /// Records a use of a secret that a validator answered from its cache. The use of an erased secret is ignored. If
    /// the stored hash of the secret is under another pepper than the current one, the secret is rehashed with the next
    /// write.
    /// </summary>
    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    /// <param name="digest">The digest of the secret, as its user presented it. Another digest changes nothing.</param>
    [Alias("RecordUseOfDigest"), AlwaysInterleave]
    [AllowClients(ClientRoles.All)]
    Task RecordUse(SecretId secret, DateTimeOffset at, Sha256Digest digest);

    /// <summary>Records a use as the other overloads do, with the address of the client.</summary>
    /// <param name="secret">The id of the secret.</param>
    /// <param name="at">The time of the use. A time later than now counts as now.</param>
    /// <param name="digest">The digest of the secret, as its user presented it. Another digest changes nothing.</param>
    /// <param name="address">The address of the client.</param>
    [Alias("RecordUseFrom"), AlwaysInterleave]
    [AllowClients(ClientRoles.All)]
    Task RecordUse(SecretId secret, DateTimeOffset at, Sha256Digest digest, IPAddress address);

    /// <summary>
    /// Records the event that the key expires soon, or has expired, unless it is recorded already or not so. Only silos
    /// call it.
    /// </summary>
    /// <param name="daysAhead">How many days ahead: 7, 3 or 1, or 0 when the key has expired.</param>
    [Alias("RecordExpiry"), Retryable]
    Task RecordExpiry(int daysAhead);

    /// <summary>
    /// Records an event for each retiring secret that expires within an hour and was used within a day, unless it is
    /// recorded already. Only silos call it.
    /// </summary>
    [Alias("RecordExpiringSecrets"), Retryable]
    Task RecordExpiringSecrets();
}

using KeysCluster.Projects;
using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// One virtual key; the grain's key is the text of a <see cref="VirtualKeyId"/>. Changes of a key are serialized and
/// durable when they return; reads answer from the last durable state and never wait behind a change.
/// </summary>
/// <remarks>Every call may throw <see cref="Storage.StorageUnavailableException"/>: see there for what then holds.</remarks>
[Alias("KeysCluster.IVirtualKeyGrain"), GrainInterfaceType(GrainTypes.VirtualKeyInterface)]
public interface IVirtualKeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the key. Outcomes: done, already exists, expiry in the past; with an idempotency key also replayed,
    /// idempotency conflict.
    /// </summary>
    [Alias("Create"), SafeToRepeat]
    Task<VirtualKeyResult> Create(CreateVirtualKey command);

    /// <summary>The key; null when there is none for this caller.</summary>
    [Alias("Get"), AlwaysInterleave, SafeToRepeat]
    ValueTask<VirtualKey?> Get(Caller caller);

    /// <summary>
    /// Changes what people have written about the key, and its expiry. Outcomes: done, not found, revoked, expiry in the
    /// past.
    /// </summary>
    [Alias("Update")]
    Task<VirtualKeyResult> Update(UpdateVirtualKey command);

    /// <summary>
    /// Makes a new secret the current one; the replaced one works for the command's grace period more, each one replaced
    /// earlier until its own deadline, none past the key's expiry. Outcomes: done, not found, revoked, too many retiring
    /// secrets; with an idempotency key also replayed, idempotency conflict, too many receipts.
    /// </summary>
    [Alias("Rotate"), SafeToRepeat]
    Task<VirtualKeyResult> Rotate(RotateSecret command);

    /// <summary>Ends one or all retiring secrets now. Outcomes: done, not found, revoked, retiring secret not found.</summary>
    [Alias("CutRetiringSecrets")]
    Task<VirtualKeyResult> CutRetiringSecrets(CutRetiringSecrets command);

    /// <summary>
    /// Prolongs or shortens a retiring secret. Outcomes: done, not found, revoked, retiring secret not found, deadline in
    /// the past, too far, or past expiry.
    /// </summary>
    [Alias("MoveDeadline")]
    Task<VirtualKeyResult> MoveDeadline(MoveDeadline command);

    /// <summary>
    /// Stops every secret of the key until it is enabled again; running graces go on. Outcomes: done (also when it was
    /// disabled, with the reason of then), not found, revoked.
    /// </summary>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="reason">Up to 500 characters, or null.</param>
    [Alias("Disable")]
    Task<VirtualKeyResult> Disable(Caller caller, string? reason);

    /// <summary>Undoes <see cref="Disable"/>. Outcomes: done (also when it was enabled), not found, revoked.</summary>
    [Alias("Enable")]
    Task<VirtualKeyResult> Enable(Caller caller);

    /// <summary>Ends the key and every secret of it, finally. Outcomes: done (also when it was revoked), not found.</summary>
    [Alias("Revoke"), SafeToRepeat]
    Task<VirtualKeyResult> Revoke(Caller caller);

    /// <summary>
    /// The verdict on a secret that names this key, as of now. A good one counts as a use of the key. Prefer
    /// <see cref="IVirtualKeyValidator"/>, which reads the secret and calls the right grain.
    /// </summary>
    /// <param name="digest">The presented secret's digest.</param>
    /// <param name="project">When set, a key of any other project is not found, and not used.</param>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<Verdict> Validate(SecretDigest digest, ProjectId? project);

    /// <summary>
    /// Takes note that a secret was used; for a process that has answered from its memory. A secret that is gone is ignored.
    /// </summary>
    [Alias("RecordUse"), AlwaysInterleave]
    Task RecordUse(SecretId secret, DateTimeOffset at);
}

using KeysCluster.Projects;
using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// One virtual key; the grain's key is the text of a <see cref="VirtualKeyId"/>. Changes of a key are serialized and
/// durable when they return; reads answer from the last durable state and never wait behind a change.
/// </summary>
/// <remarks>Every call may throw <see cref="Storage.StorageUnavailableException"/>: see there for what then holds.</remarks>
[Alias("KeysCluster.IVirtualKeyGrain")]
public interface IVirtualKeyGrain : IGrainWithStringKey
{
    /// <summary>Creates the key. Outcomes: done, already exists.</summary>
    [Alias("Create")]
    Task<VirtualKeyResult> Create(CreateVirtualKey command);

    /// <summary>The key; null when there is none for this caller.</summary>
    [Alias("Get"), AlwaysInterleave]
    ValueTask<VirtualKey?> Get(Caller caller);

    /// <summary>Changes what people have written about the key. Outcomes: done, not found, revoked.</summary>
    [Alias("Update")]
    Task<VirtualKeyResult> Update(UpdateVirtualKey command);

    /// <summary>
    /// Makes a new secret the current one; the replaced one works for <see cref="GracePeriod.Default"/> more, each one
    /// replaced earlier until its own deadline. Outcomes: done, not found, revoked, too many retiring secrets.
    /// </summary>
    [Alias("Rotate")]
    Task<VirtualKeyResult> Rotate(Caller caller, NewSecret secret);

    /// <summary>Ends the key and every secret of it, finally. Outcomes: done (also when it was revoked), not found.</summary>
    [Alias("Revoke")]
    Task<VirtualKeyResult> Revoke(Caller caller);

    /// <summary>
    /// The verdict on a secret that names this key, as of now. A good one counts as a use of the key. Prefer
    /// <see cref="VirtualKeyValidator"/>, which reads the secret and calls the right grain.
    /// </summary>
    /// <param name="digest">The presented secret's digest.</param>
    /// <param name="project">When set, a key of any other project is not found, and not used.</param>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    ValueTask<Verdict> Validate(SecretDigest digest, ProjectId? project);
}

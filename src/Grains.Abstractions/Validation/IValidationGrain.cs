using System.Net;
using KeysCluster.Imports;
using KeysCluster.Security;
using KeysCluster.VirtualKeys;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace KeysCluster.Validation;

/// <summary>
/// Validates secrets on the silo that the call reaches, from that silo's cache or from storage, without activating the
/// grain of the key. The grain key has no meaning; different keys spread the load. A call does not count as a use of
/// the secret: the client caches the answer and reports uses itself.
/// </summary>
[Alias("KeysCluster.IValidationGrain"), GrainInterfaceType(GrainTypeNames.ValidationInterface), Version(1)]
public interface IValidationGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Returns the verdict on a secret of a virtual key, which does not depend on the permissions and the address: the
    /// client applies <see cref="Verdict.Require"/>. When the cached key does not fulfil them, it is read from storage,
    /// because they may have been added meanwhile.
    /// </summary>
    /// <param name="key">The virtual key that the secret names.</param>
    /// <param name="digest">The digest of the presented secret.</param>
    /// <param name="project">When set, a key of any other project is not found.</param>
    /// <param name="permissions">The permissions that the use requires; null or empty for none.</param>
    /// <param name="address">The address of the client; null if unknown.</param>
    [Alias("ValidateUse"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<ValidationResponse> Validate(
        VirtualKeyId key,
        Sha256Digest digest,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address);

    /// <summary>
    /// Returns the verdict for clients of the previous build, which require no permissions. When it is removed:
    /// docs/adr/0026-one-earlier-build.md.
    /// </summary>
    /// <param name="key">The virtual key that the secret names.</param>
    /// <param name="digest">The digest of the presented secret.</param>
    /// <param name="project">When set, a key of any other project is not found.</param>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<ValidationResponse> Validate(VirtualKeyId key, Sha256Digest digest, ProjectId? project);

    /// <summary>Returns the hash schemes of the imported secrets, which a validator applies to unknown texts.</summary>
    /// <exception cref="ValidationUnavailableException">They cannot be read now.</exception>
    [Alias("GetHashSchemes"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<IReadOnlyList<HashScheme>> GetHashSchemes();

    /// <summary>Returns the virtual keys that imported secrets belong to.</summary>
    /// <param name="digests">
    /// Up to <see cref="ImportLimits.MaxDigests"/> digests, as the hash schemes compute them.
    /// </param>
    /// <returns>For each digest its key, or null.</returns>
    /// <exception cref="ValidationUnavailableException">They cannot be read now.</exception>
    [Alias("FindImportedKeys"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    [AllowClients(ClientRoles.All)]
    ValueTask<IReadOnlyList<ImportedKey?>> FindImportedKeys(IReadOnlyList<Sha256Digest> digests);

    /// <summary>Returns the API key of a project whose secret has a digest and is valid now; null for none.</summary>
    /// <exception cref="ValidationUnavailableException">Validity cannot be determined now.</exception>
    [Alias("AuthenticateApiKey"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<ApiKeyAuthenticationResponse?> AuthenticateApiKey(ProjectId project, Sha256Digest digest);

    /// <summary>
    /// Authenticates for clients of the previous build, which know no permissions: only API keys that have all of them,
    /// of a project that is active. When it is removed: docs/adr/0026-one-earlier-build.md.
    /// </summary>
    /// <exception cref="ValidationUnavailableException">Validity cannot be determined now.</exception>
    [Alias("Authenticate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    [AllowClients(ClientRoles.All)]
    ValueTask<ApiKeyMatchResponse?> Authenticate(ProjectId project, Sha256Digest digest);
}

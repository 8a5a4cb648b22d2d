using System.Net;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Imports;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Leases;
using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validation;

[StatelessWorker, GrainType(GrainTypeNames.Validation)]
internal sealed class ValidationGrain(
    VirtualKeyVerifier keys,
    ProjectVerifier projects,
    ImportedKeyFinder importedKeys,
    HashSchemeCache hashSchemes,
    ILease lease)
    : Grain, IValidationGrain
{
    // The position is taken before the silo searches its cache: the answer is at least as new.
    public async ValueTask<ValidationResponse> Validate(
        VirtualKeyId key,
        Sha256Digest digest,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var position = lease.Position;
        var presented = new PresentedSecret(digest);
        var id = key.ToString();
        if (!keys.TryVerifyFromCache(id, presented, project, permissions, address, out var match))
            match = await keys.VerifyFromStorageAsync(id, presented, project);
        return new(match.Verdict, position, match.Result.ValidUntil, match.ProjectRevision);
    }

    public ValueTask<ValidationResponse> Validate(VirtualKeyId key, Sha256Digest digest, ProjectId? project) =>
        Validate(key, digest, project, permissions: null, address: null);

    public ValueTask<IReadOnlyList<HashScheme>> GetHashSchemes() => hashSchemes.GetAsync();

    public ValueTask<IReadOnlyList<ImportedKey?>> FindImportedKeys(IReadOnlyList<Sha256Digest> digests) =>
        importedKeys.FindImportedKeysAsync(digests);

    public async ValueTask<ApiKeyAuthenticationResponse?> AuthenticateApiKey(ProjectId project, Sha256Digest digest)
    {
        var position = lease.Position;
        var match = await projects.VerifyAsync(project.ToString(), new PresentedSecret(digest));
        return match.Verdict.IsValid
            ? new(match.Result.ApiKey!, match.Result.ValidUntil, match.Entry!.Revision, position)
            : null;
    }

    public async ValueTask<ApiKeyMatchResponse?> Authenticate(ProjectId project, Sha256Digest digest)
    {
        var position = lease.Position;
        var match = await projects.VerifyAsync(project.ToString(), new PresentedSecret(digest));
        if (!match.Verdict.IsValid) return null;

        // A client that asks for this answer would let the API key do everything.
        var apiKey = match.Result.ApiKey!;
        var isUnrestricted = apiKey.ProjectStatus == ProjectStatus.Active
            && ApiKeyPermissions.All.All(apiKey.Permissions.Contains);
        return isUnrestricted
            ? new(apiKey.SecretId, match.Verdict.ValidUntil, match.Entry!.Revision, position)
            : null;
    }
}

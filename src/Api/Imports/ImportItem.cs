using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Imports;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Imports;

/// <summary>A key of a request: a command, or the error for which it is refused.</summary>
internal sealed record ImportItem(ImportKeyCommand? Command, ErrorResult? Error)
{
    public static ImportItem Parse(
        JsonElement element, Caller caller, DateTimeOffset now, JsonSerializerOptions options, ClaimsPrincipal user)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return new(null, ApiErrors.ValidationFailed("A key must be a JSON object."));
        var (key, error) = JsonBodyReader.Parse<ImportedKeyRequest>(element, options, user);
        if (key is null) return new(null, error);
        if (key.Algorithm == ImportedHashAlgorithm.HmacSha256 != key.HmacKey is not null)
        {
            return new(null, ApiErrors.ValidationFailed(
                "hmac_key is required with hmac-sha256, and must be absent otherwise."));
        }

        var scheme = GetScheme(key);
        var length = HashScheme.GetHashLength(scheme);
        if (HashText.Parse(key.Hash, key.Encoding, length) is { } hash)
            return new(CreateCommand(key, scheme, hash, caller, now), null);
        var form = key.Encoding == HashEncoding.Hex ? "hexadecimal" : "base64";
        return new(null, ApiErrors.ValidationFailed($"hash must have {length} bytes in {form}."));
    }

    private static ImportKeyCommand CreateCommand(
        ImportedKeyRequest key, string scheme, byte[] hash, Caller caller, DateTimeOffset now) => new(
            VirtualKeyId.New(now),
            scheme,
            new CreateVirtualKeyCommand
            {
                Caller = caller,
                Name = key.Name,
                Description = key.Description,
                Environment = key.Environment,
                PrincipalUserId = key.PrincipalUserId,
                ProviderCredentialIds = [],
                ExpiresAt = key.ExpiresAt,
                Permissions = key.Permissions,
                ExternalId = key.ExternalId,
                Metadata = key.Metadata,
                AllowedIps = AllowedIpRange.ParseAll(key.AllowedIps),
                Secret = new NewSecret(SecretId.New(now), HashScheme.ToDigest(scheme, hash), key.DisplayPrefix),
                IsImported = true,
                IsDisabled = key.Disabled,
            });

    private static string GetScheme(ImportedKeyRequest key) => key.Algorithm switch
    {
        ImportedHashAlgorithm.Sha512 => HashScheme.Sha512,
        ImportedHashAlgorithm.HmacSha256 => HashScheme.HmacSha256Prefix + key.HmacKey!.ToLowerInvariant(),
        _ => HashScheme.Sha256,
    };
}

using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Imports;

namespace KeysCluster.Api.Imports;

/// <summary>A key of a request: valid, or with the error for which it is refused.</summary>
internal sealed record ImportItem(
    ImportedKeyRequest Key, string Scheme, Sha256Digest Digest, ErrorResult? Error)
{
    public static ImportItem Parse(JsonElement element, JsonSerializerOptions options, ClaimsPrincipal user)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return Refuse(ApiErrors.ValidationFailed("A key must be a JSON object."));
        var (key, error) = JsonBodyReader.Parse<ImportedKeyRequest>(element, options, user);
        if (key is null) return Refuse(error!);
        if (key.Algorithm == ImportedHashAlgorithm.HmacSha256 != key.HmacKey is not null)
            return Refuse(ApiErrors.ValidationFailed("hmac_key is required with hmac-sha256, and only then."));

        var scheme = GetScheme(key);
        return HashText.Parse(key.Hash, key.Encoding, HashScheme.GetHashLength(scheme)) is { } hash
            ? new ImportItem(key, scheme, HashScheme.ToDigest(scheme, hash), null)
            : Refuse(ApiErrors.ValidationFailed(
                $"hash must have {HashScheme.GetHashLength(scheme)} bytes in "
                + $"{(key.Encoding == HashEncoding.Hex ? "hexadecimal" : "base64")}."));
    }

    private static ImportItem Refuse(ErrorResult error) => new(new ImportedKeyRequest(), "", default, error);

    private static string GetScheme(ImportedKeyRequest key) => key.Algorithm switch
    {
        ImportedHashAlgorithm.Sha512 => HashScheme.Sha512,
        ImportedHashAlgorithm.HmacSha256 => HashScheme.HmacSha256Prefix + key.HmacKey!.ToLowerInvariant(),
        _ => HashScheme.Sha256,
    };
}

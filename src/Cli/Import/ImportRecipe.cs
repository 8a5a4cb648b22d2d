using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>How a system stores its keys. The page "Import keys" of the book has its source and the query.</summary>
/// <param name="Algorithm">How it hashes secrets.</param>
/// <param name="Encoding">How it writes the hash.</param>
/// <param name="HmacKey">The name of its HMAC key; null if it has none.</param>
/// <param name="Columns">The columns of each member. The first one with a value counts.</param>
/// <param name="Required">
/// The members without whose columns nothing is imported: without them, a revoked or expired key would work again.
/// </param>
internal sealed record ImportRecipe(
    ImportedHashAlgorithm Algorithm,
    HashEncoding Encoding,
    string? HmacKey,
    IReadOnlyDictionary<string, string[]> Columns,
    IReadOnlyList<string> Required)
{
    public static IReadOnlyDictionary<string, ImportRecipe> All { get; } = new Dictionary<string, ImportRecipe>
    {
        ["langwatch"] = new(
            ImportedHashAlgorithm.HmacSha256,
            HashEncoding.Hex,
            "langwatch",
            new Dictionary<string, string[]>
            {
                [ImportMembers.Hash] = ["hashedSecret"],
                [ImportMembers.DisplayPrefix] = ["displayPrefix"],
                [ImportMembers.Name] = ["name"],
                [ImportMembers.Description] = ["description"],
                [ImportMembers.Environment] = ["environment"],
                [ImportMembers.PrincipalUserId] = ["principalUserId"],
                [ImportMembers.ExternalId] = ["externalId", "id"],
                [ImportMembers.Metadata] = ["metadata"],
                [ImportMembers.MetadataEntry + "langwatch_id"] = ["id"],
                [ImportMembers.Disabled] = ["status"],
                [ImportMembers.Revoked] = ["status"],
            },
            [ImportMembers.Hash, ImportMembers.Disabled, ImportMembers.Revoked]),
        ["unkey"] = new(
            ImportedHashAlgorithm.Sha256,
            HashEncoding.Base64,
            null,
            new Dictionary<string, string[]>
            {
                [ImportMembers.Hash] = ["hash"],
                [ImportMembers.DisplayPrefix] = ["start"],
                [ImportMembers.Name] = ["name", "start", "id"],
                [ImportMembers.PrincipalUserId] = ["identity_external_id", "owner_id"],
                [ImportMembers.ExternalId] = ["id"],
                [ImportMembers.Metadata] = ["meta"],
                [ImportMembers.MetadataEntry + "environment"] = ["environment"],
                [ImportMembers.Permissions] = ["permissions"],
                [ImportMembers.AllowedIps] = ["ip_whitelist"],
                [ImportMembers.ExpiresAt] = ["expires"],
                [ImportMembers.Enabled] = ["enabled"],
                [ImportMembers.Revoked] = ["deleted_at_m", "deleted_at"],
            },
            [ImportMembers.Hash, ImportMembers.ExpiresAt, ImportMembers.Enabled, ImportMembers.Revoked]),
        ["litellm"] = new(
            ImportedHashAlgorithm.Sha256,
            HashEncoding.Hex,
            null,
            new Dictionary<string, string[]>
            {
                [ImportMembers.Hash] = ["token"],
                [ImportMembers.Name] = ["key_alias", "key_name"],
                [ImportMembers.PrincipalUserId] = ["user_id"],
                [ImportMembers.Metadata] = ["metadata"],
                [ImportMembers.MetadataEntry + "team_id"] = ["team_id"],
                [ImportMembers.MetadataEntry + "models"] = ["models"],
                [ImportMembers.ExpiresAt] = ["expires"],
                [ImportMembers.Disabled] = ["blocked"],
            },
            [ImportMembers.Hash, ImportMembers.ExpiresAt, ImportMembers.Disabled]),
        ["better-auth"] = new(
            ImportedHashAlgorithm.Sha256,
            HashEncoding.Base64,
            null,
            new Dictionary<string, string[]>
            {
                [ImportMembers.Hash] = ["key"],
                [ImportMembers.DisplayPrefix] = ["start"],
                [ImportMembers.Name] = ["name", "start", "id"],
                [ImportMembers.PrincipalUserId] = ["referenceId", "userId"],
                [ImportMembers.ExternalId] = ["id"],
                [ImportMembers.Metadata] = ["metadata"],
                [ImportMembers.Permissions] = ["permissions"],
                [ImportMembers.ExpiresAt] = ["expiresAt"],
                [ImportMembers.Enabled] = ["enabled"],
            },
            [ImportMembers.Hash, ImportMembers.ExpiresAt, ImportMembers.Enabled]),
    };
}

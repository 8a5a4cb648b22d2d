namespace KeysCluster.Cli.Import;

/// <summary>What a column can be mapped to: the members of the API, and the states of keys in other systems.</summary>
internal static class ImportMembers
{
    public const string Hash = "hash";
    public const string Algorithm = "algorithm";
    public const string Encoding = "encoding";
    public const string HmacKey = "hmac_key";
    public const string DisplayPrefix = "display_prefix";
    public const string Name = "name";
    public const string Description = "description";
    public const string Environment = "environment";
    public const string PrincipalUserId = "principal_user_id";
    public const string ExternalId = "external_id";
    public const string Metadata = "metadata";
    public const string Permissions = "permissions";
    public const string AllowedIps = "allowed_ips";
    public const string ExpiresAt = "expires_at";
    public const string Disabled = "disabled";

    /// <summary>The opposite of <see cref="Disabled"/>.</summary>
    public const string Enabled = "enabled";

    /// <summary>Whether the key is revoked or deleted, or since when. It is then skipped.</summary>
    public const string Revoked = "revoked";

    /// <summary>Precedes the key of one entry of the metadata.</summary>
    public const string MetadataEntry = "metadata.";

    public static IReadOnlyList<string> All { get; } =
    [
        Hash, Algorithm, Encoding, HmacKey, DisplayPrefix, Name, Description, Environment, PrincipalUserId, ExternalId,
        Metadata, Permissions, AllowedIps, ExpiresAt, Disabled, Enabled, Revoked,
    ];

    public static bool IsKnown(string member) => All.Contains(member)
        || (member.StartsWith(MetadataEntry, StringComparison.Ordinal) && member.Length > MetadataEntry.Length);
}

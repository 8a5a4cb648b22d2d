using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>Makes keys of rows.</summary>
internal sealed class RowMapper(ImportMapping mapping, bool skipsExpired, DateTimeOffset now)
{
    private const string DefaultName = "Imported key";

    public ImportEntry Map(SourceRow row)
    {
        var values = new RowValues(row, mapping);
        var isRevoked = values.IsRevoked();
        if (values.Problem is null && isRevoked) return Skip(SkipReason.Revoked);
        var expiresAt = values.GetTime(ImportMembers.ExpiresAt);
        if (values.Problem is null && skipsExpired && expiresAt <= now) return Skip(SkipReason.Expired);

        var algorithm = values.GetAlgorithm();
        var encoding = values.GetEncoding();
        var key = new ImportVirtualKey
        {
            Hash = values.GetHash(algorithm, encoding),
            Algorithm = algorithm,
            Encoding = encoding,
            HmacKey = values.GetHmacKey(algorithm),
            DisplayPrefix = values.GetText(ImportMembers.DisplayPrefix),
            Name = GetName(values),
            Description = values.GetText(ImportMembers.Description),
            Environment = values.GetEnvironment(),
            PrincipalUserId = values.GetText(ImportMembers.PrincipalUserId),
            ExpiresAt = expiresAt,
            Permissions = values.GetList(ImportMembers.Permissions),
            ExternalId = values.GetText(ImportMembers.ExternalId),
            Metadata = values.GetMetadata(),
            AllowedIps = values.GetList(ImportMembers.AllowedIps),
            Disabled = values.IsDisabled(),
        };
        if (values.Problem is not { } problem) return new ImportEntry(row.Line, key, null, null);
        var failure = new ImportFailure(
            row.Line, values.GetText(ImportMembers.Name), key.ExternalId, ImportFailure.InvalidRow, problem);
        return new ImportEntry(row.Line, null, failure, null);

        ImportEntry Skip(SkipReason reason) => new(row.Line, null, null, reason);
    }

    /// <summary>A name is required here, but not in other systems.</summary>
    private static string GetName(RowValues values) => values.GetText(ImportMembers.Name)
        ?? values.GetText(ImportMembers.DisplayPrefix)
        ?? values.GetText(ImportMembers.ExternalId)
        ?? DefaultName;
}

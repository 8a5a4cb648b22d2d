using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>Reads the members of a key from a row, and remembers the first value that is not valid.</summary>
internal sealed class RowValues(SourceRow row, ImportMapping mapping)
{
    /// <summary>Why the row is not a key; null if nothing is wrong so far.</summary>
    public string? Problem { get; private set; } = row.Problem;

    /// <summary>Returns the value of a member; null if the row has none.</summary>
    public string? GetText(string member) => mapping.Columns.TryGetValue(member, out var columns)
        ? columns.Select(column => row.Values.GetValueOrDefault(column)).FirstOrDefault(value => value is not null)
        : null;

    public DateTimeOffset? GetTime(string member)
    {
        if (GetText(member) is not { } text) return null;
        if (ValueText.TryParseTime(text, out var time)) return time;
        Report($"{member} is not a time in ISO 8601, or in seconds or milliseconds since 1970.");
        return null;
    }

    public bool IsDisabled()
    {
        if (GetText(ImportMembers.Disabled) is { } text)
        {
            if (ValueText.TryParseDisabled(text, out var isDisabled)) return isDisabled;
            Report("disabled is not a flag, or a status such as ACTIVE or DISABLED.");
        }

        if (GetText(ImportMembers.Enabled) is not { } enabled) return false;
        if (ValueText.TryParseFlag(enabled, out var isEnabled)) return !isEnabled;
        Report("enabled is neither true nor false.");
        return false;
    }

    public bool IsRevoked()
    {
        if (GetText(ImportMembers.Revoked) is not { } text) return false;
        if (ValueText.TryParseRevoked(text, out var isRevoked)) return isRevoked;
        Report("revoked is not a flag, a time, or a status such as ACTIVE or REVOKED.");
        return false;
    }

    public IReadOnlyList<string>? GetList(string member)
    {
        if (GetText(member) is not { } text) return null;
        if (ValueText.ParseList(text) is { } list) return list;
        Report($"{member} is not a list of texts.");
        return null;
    }

    /// <summary>Returns the entries of the metadata, with those that have a column of their own.</summary>
    public IReadOnlyDictionary<string, string>? GetMetadata()
    {
        var entries = new Dictionary<string, string>();
        if (GetText(ImportMembers.Metadata) is { } text)
        {
            if (ValueText.ParseMetadata(text) is { } parsed) entries = new(parsed);
            else Report("metadata is not a JSON object.");
        }

        foreach (var member in mapping.Columns.Keys)
        {
            if (!member.StartsWith(ImportMembers.MetadataEntry, StringComparison.Ordinal)) continue;
            if (GetText(member) is { } value) entries[member[ImportMembers.MetadataEntry.Length..]] = value;
        }

        return entries.Count == 0 ? null : entries;
    }

    public VirtualKeyEnvironment GetEnvironment() =>
        GetChoice(ImportMembers.Environment, VirtualKeyEnvironment.Live, "live or test", text => text switch
        {
            "LIVE" => VirtualKeyEnvironment.Live,
            "TEST" => VirtualKeyEnvironment.Test,
            _ => null,
        });

    public ImportedHashAlgorithm GetAlgorithm()
    {
        if (mapping.Algorithm is null && GetText(ImportMembers.Algorithm) is null) Report("algorithm is missing.");
        return GetChoice(
            ImportMembers.Algorithm, mapping.Algorithm ?? default, "sha256, sha512 or hmac-sha256", text => text switch
            {
                "SHA256" or "SHA-256" => ImportedHashAlgorithm.Sha256,
                "SHA512" or "SHA-512" => ImportedHashAlgorithm.Sha512,
                "HMAC-SHA256" => ImportedHashAlgorithm.HmacSha256,
                _ => null,
            });
    }

    public HashEncoding GetEncoding() =>
        GetChoice(ImportMembers.Encoding, mapping.Encoding, "hex or base64", text => text switch
        {
            "HEX" => HashEncoding.Hex,
            "BASE64" => HashEncoding.Base64,
            _ => null,
        });

    /// <summary>Returns the name of the HMAC key; null for the other algorithms.</summary>
    public string? GetHmacKey(ImportedHashAlgorithm algorithm)
    {
        if (algorithm != ImportedHashAlgorithm.HmacSha256) return null;
        var name = GetText(ImportMembers.HmacKey) ?? mapping.HmacKey;
        if (name is null) Report("hmac_key is missing.");
        return name;
    }

    public string GetHash(ImportedHashAlgorithm algorithm, HashEncoding encoding)
    {
        var hash = GetText(ImportMembers.Hash) ?? "";
        if (hash.Length == 0) Report("hash is missing.");
        else if (HashText.FindProblem(hash, algorithm, encoding) is { } problem) Report(problem);
        return hash;
    }

    private T GetChoice<T>(string member, T defaultValue, string values, Func<string, T?> parse)
        where T : struct
    {
        if (GetText(member) is not { } text) return defaultValue;
        if (parse(text.ToUpperInvariant()) is { } value) return value;
        Report($"{member} is not {values}.");
        return defaultValue;
    }

    private void Report(string problem) => Problem ??= problem;
}

using System.Globalization;
using System.Text.Json;

namespace KeysCluster.Cli.Import;

/// <summary>Values as databases and programs export them.</summary>
internal static class ValueText
{
    /// <summary>In seconds, the year 5138; in milliseconds, 1973.</summary>
    private const decimal FirstMilliseconds = 100_000_000_000;

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd",
        .. from separator in new[] { " ", "'T'" }
           from time in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" }
           from offset in new[] { "K", "zz" }
           select $"yyyy-MM-dd{separator}{time}{offset}",
    ];

    private static readonly char[] ListSeparators = [',', ' ', '\t', '\r', '\n'];

    /// <summary>
    /// Parses a date or a time in ISO 8601, in UTC without an offset, or seconds or milliseconds since 1970.
    /// </summary>
    public static bool TryParseTime(string text, out DateTimeOffset time)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, Utc, out time)) return true;
        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out var number)) return false;
        var milliseconds = Math.Abs(number) < FirstMilliseconds ? number * 1000 : number;
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    public static bool TryParseFlag(string text, out bool flag)
    {
        flag = text.ToUpperInvariant() is "TRUE" or "T" or "1";
        return flag || text.ToUpperInvariant() is "FALSE" or "F" or "0";
    }

    /// <summary>Parses a flag, the time since which a key is revoked, or its status.</summary>
    public static bool TryParseRevoked(string text, out bool isRevoked)
    {
        if (TryParseFlag(text, out isRevoked)) return true;
        isRevoked = TryParseTime(text, out _) || text.ToUpperInvariant() is "REVOKED" or "DELETED";
        return isRevoked || text.ToUpperInvariant() is "ACTIVE" or "ENABLED" or "DISABLED";
    }

    /// <summary>Parses a flag, or the status of a key that is not revoked.</summary>
    public static bool TryParseDisabled(string text, out bool isDisabled)
    {
        if (TryParseFlag(text, out isDisabled)) return true;
        isDisabled = text.ToUpperInvariant() is "DISABLED";
        return isDisabled || text.ToUpperInvariant() is "ACTIVE" or "ENABLED";
    }

    /// <summary>
    /// Parses a JSON array of texts, a JSON object such as <c>{"files": ["read"]}</c>, whose entries become
    /// <c>files:read</c>, or texts that are separated by commas or spaces.
    /// </summary>
    public static IReadOnlyList<string>? ParseList(string text)
    {
        if (text == "null") return [];
        if (text.TrimStart() is not ['[' or '{' or '"', ..]) return SplitList(text);
        return ParseJson(text) switch
        {
            { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.Array } array => ReadTexts(array),
            { ValueKind: JsonValueKind.Object } groups => ReadGroups(groups),
            _ => null,
        };
    }

    /// <summary>Parses a JSON object. Other values than texts become JSON; null is left out.</summary>
    public static IReadOnlyDictionary<string, string>? ParseMetadata(string text) => ParseJson(text) switch
    {
        { ValueKind: JsonValueKind.Null } => new Dictionary<string, string>(),
        { ValueKind: JsonValueKind.Object } json => json.EnumerateObject()
            .Where(entry => entry.Value.ValueKind != JsonValueKind.Null)
            .GroupBy(entry => entry.Name)
            .ToDictionary(group => group.Key, group => GetText(group.Last().Value)),
        _ => null,
    };

    private static string[] SplitList(string text) =>
        text.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static List<string>? ReadTexts(JsonElement array) =>
        array.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(entry => entry.GetString()!)]
            : null;

    private static List<string>? ReadGroups(JsonElement groups)
    {
        var texts = new List<string>();
        foreach (var group in groups.EnumerateObject())
        {
            if (group.Value.ValueKind != JsonValueKind.Array || ReadTexts(group.Value) is not { } entries) return null;
            texts.AddRange(entries.Select(entry => $"{group.Name}:{entry}"));
        }

        return texts;
    }

    /// <summary>Parses JSON, also if it was written as text into JSON. Returns null for what is not JSON.</summary>
    private static JsonElement? ParseJson(string text)
    {
        try
        {
            var json = JsonElement.Parse(text);
            return json.ValueKind == JsonValueKind.String ? JsonElement.Parse(json.GetString()!) : json;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string GetText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

using System.Text.Json;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The configuration of a virtual key as stored: a JSON object without white space between its top-level members.
/// Values keep the text in which they were sent: to format them again could make them longer than the limit.
/// </summary>
internal static class KeyConfig
{
    /// <summary>Returns the stored form; null for none or an empty object.</summary>
    public static string? Normalize(string? config) => config is null ? null : Write(Read(config));

    /// <summary>
    /// Replaces top-level members, and removes those that are null in the patch. The text <c>null</c> removes all, and
    /// null changes nothing.
    /// </summary>
    public static string? ApplyPatch(string? config, string? patch)
    {
        if (patch is null) return config;
        if (patch == "null") return null;
        var members = new OrderedDictionary<string, string>(config is null ? [] : Read(config));
        foreach (var (name, value) in Read(patch))
        {
            if (value == "null") members.Remove(name);
            else members[name] = value;
        }

        return Write(members);
    }

    private static List<KeyValuePair<string, string>> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. from member in document.RootElement.EnumerateObject()
               select KeyValuePair.Create(member.Name, member.Value.GetRawText()),
        ];
    }

    private static string? Write(IEnumerable<KeyValuePair<string, string>> members)
    {
        var fields = members.Select(
            member => $"\"{JsonEncodedText.Encode(member.Key, StateJson.Options.Encoder)}\":{member.Value}").ToList();
        return fields.Count == 0 ? null : $"{{{string.Join(',', fields)}}}";
    }
}

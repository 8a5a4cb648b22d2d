using System.Globalization;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;

namespace KeysCluster.Api.Authentication;

/// <summary>The valid admin keys of one state of the configuration.</summary>
internal sealed class AdminKeySet
{
    /// <summary>With seconds and an offset from UTC: a time without an offset would depend on the host.</summary>
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private AdminKeySet(IReadOnlyList<AdminKey> keys) => Keys = keys;

    public IReadOnlyList<AdminKey> Keys { get; }

    /// <summary>Checks the settings of all admin keys.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="errors">A message for each violation, which contains no value of a setting.</param>
    /// <returns>The keys; null if there is an error.</returns>
    public static AdminKeySet? TryCreate(AdminKeyOptions options, out IReadOnlyList<string> errors)
    {
        var keys = new List<AdminKey>();
        var found = new List<string>();
        if (!string.IsNullOrWhiteSpace(options.AdminKey)) AddDefault(options.AdminKey, keys, found);
        foreach (var named in options.AdminKeys) AddNamed(named, keys, found);
        AddConflicts(keys, found);
        if (keys.Count == 0 && found.Count == 0)
        {
            found.Add(
                "An admin key is missing: set Keys:AdminKeys:{name} to a digest that the command 'admin-key new' "
                + "prints, or Keys:AdminKey to at least 32 random characters.");
        }

        errors = found;
        return found.Count == 0 ? new AdminKeySet(keys) : null;
    }

    /// <summary>
    /// Returns the key with a digest; null if there is none. The duration does not reveal which key matched.
    /// </summary>
    public AdminKey? Find(AdminKeyDigest digest)
    {
        AdminKey? found = null;
        foreach (var key in Keys)
            if (key.Digest.Equals(digest)) found = key;
        return found;
    }

    private static void AddDefault(string text, List<AdminKey> keys, List<string> errors)
    {
        // Files with secrets often end with a line break; ApiKeyHeader trims the presented key too.
        var key = text.Trim();
        if (key.Length < AdminKeyOptions.MinLength)
        {
            errors.Add("Keys:AdminKey is too short: it needs at least 32 random characters, "
                + "without the surrounding white space.");
            return;
        }

        // A file of other bytes would be read as replacement characters, which anybody can guess.
        if (!key.All(character => character is > ' ' and <= '~'))
        {
            errors.Add("Keys:AdminKey is invalid: it must have printable ASCII characters only, without spaces.");
            return;
        }

        if (key.Distinct().Count() < AdminKeyOptions.MinDistinctCharacters)
        {
            errors.Add("Keys:AdminKey is not random: it repeats a few characters. Let admin-key new make one.");
            return;
        }

        keys.Add(new AdminKey(AdminKeyName.Default, AdminKeyDigest.Compute(key), NotAfter: null));
    }

    private static void AddNamed(NamedAdminKeyOptions named, List<AdminKey> keys, List<string> errors)
    {
        if (!SettingName.IsValid(named.Name))
        {
            // Does not repeat the name: it may be a key in the wrong place.
            errors.Add($"A name under Keys:AdminKeys is invalid: a name has {SettingName.Rule}.");
            return;
        }

        var setting = $"Keys:AdminKeys:{named.Name}";
        DateTimeOffset? notAfter = null;
        if (named.HasUnknownSetting) errors.Add($"{setting} has a setting other than NotAfter.");
        if (named.NotAfter is { } text)
        {
            if (TryParseTime(text, out var time)) notAfter = time;
            else errors.Add($"{setting}:NotAfter must be an ISO 8601 time such as 2027-01-31T00:00:00Z.");
        }

        if (AdminKeyDigest.TryParse(named.Digest?.Trim(), out var digest))
            keys.Add(new AdminKey(named.Name, digest, notAfter));
        else
            errors.Add($"{setting} must be 'sha256:' and 64 hex digits, as the command 'admin-key new' prints.");
    }

    /// <summary>One key under two names, or two keys under one name, would make events ambiguous.</summary>
    private static void AddConflicts(List<AdminKey> keys, List<string> errors)
    {
        foreach (var (index, key) in keys.Index())
        {
            foreach (var other in keys.Take(index))
            {
                if (key.Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase))
                    errors.Add("Keys:AdminKeys:default and Keys:AdminKey have the same name: rename or remove one.");
                else if (key.Digest.Equals(other.Digest))
                    errors.Add($"The admin keys {other.Name} and {key.Name} are the same key: remove one.");
            }
        }
    }

    private static bool TryParseTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}

using System.Text.RegularExpressions;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>Compares output with a committed file.</summary>
internal static partial class Snapshot
{
    /// <summary>When this environment variable is set, a test writes its file before it compares.</summary>
    private const string UpdateVariable = "UPDATE_SNAPSHOTS";

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Cli", "Snapshots");

    /// <summary>Compares text with the file of that name.</summary>
    public static void AssertMatches(string file, string text) => AssertMatchesFile(Path.Combine(Folder, file), text);

    /// <summary>Compares JSON with the file of that name, without what each run changes.</summary>
    public static void AssertJsonMatches(string file, string json) => AssertMatches(file, Normalize(json));

    /// <summary>Compares text with a file of the repository.</summary>
    public static void AssertMatchesFile(string path, string text, string updateVariable = UpdateVariable)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(line => line.TrimEnd());
        var actual = string.Join('\n', lines) + "\n";
        if (Environment.GetEnvironmentVariable(updateVariable) is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} does not exist. Set {updateVariable}=1 to write it.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>Replaces secrets, ids, times, and whatever else depends on the run.</summary>
    public static string Normalize(string json)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        json = SecretPattern().Replace(json, "<secret>");
        json = DisplayPrefixPattern().Replace(json, match => $"{match.Groups["kind"].Value}<prefix>");
        json = TimePattern().Replace(json, "<time>");
        json = MemberPattern().Replace(
            json, match => $"{match.Groups["name"].Value}\"<{match.Groups["member"].Value}>\"");
        json = NumberPattern().Replace(json, match => $"\"{match.Groups["name"].Value}\": \"<number>\"");
        json = PortPattern().Replace(json, "127.0.0.1:<port>");
        return IdPattern().Replace(json, match =>
        {
            if (ids.TryGetValue(match.Value, out var known)) return known;
            var kind = match.Groups["kind"].Value;
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            return ids[match.Value] = $"{kind}_<{counts[kind]}>";
        });
    }

    [GeneratedRegex(@"\b(vk-lw-(live|test)_|sk-lw-)[0-9A-Za-z]{20,}|\bwhsec_[0-9A-Za-z+/=]+")]
    private static partial Regex SecretPattern();

    [GeneratedRegex(@"\b(?<kind>vk-lw-(live|test)_|sk-lw-)[0-9A-Za-z]{4,}")]
    private static partial Regex DisplayPrefixPattern();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"(?<name>""(?<member>request_id|slug|sha256|secret_file)"": ?)""[^""]*""")]
    private static partial Regex MemberPattern();

    /// <summary>Ids of events, and measured durations.</summary>
    [GeneratedRegex(@"""(?<name>id|duration_ms)"": ?""?\d+""?")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex PortPattern();

    [GeneratedRegex(@"\b(?<kind>vk|project|apikey|secret|webhook|msg)_[0-9A-HJKMNP-TV-Z]{26}\b")]
    private static partial Regex IdPattern();
}

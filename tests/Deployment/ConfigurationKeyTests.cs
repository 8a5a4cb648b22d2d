using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The settings that documentation and deployment mention are those that the service reads.</summary>
public sealed partial class ConfigurationKeyTests
{
    private static readonly string SourceCode = string.Join('\n', Directory
        .GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
        .Select(File.ReadAllText));

    public static TheoryData<string> Files =>
    [
        "README.md", "CONTRIBUTING.md",
        "deploy/compose.yaml", "deploy/local-cluster.sh", "deploy/docker/Dockerfile",
        "src/Hosting/appsettings.json", "src/Silo/Properties/launchSettings.json",
        .. Directory.GetFiles(DeployFiles.GetPath("kubernetes"))
            .Concat(ListPages())
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_mentions_only_settings_that_the_service_reads(string file)
    {
        var keys = FindKeys(File.ReadAllText(Path.Combine(Repository.Root, file)));

        Assert.DoesNotContain(keys, key => !IsRead(key));
    }

    [Fact]
    public void Configuration_keys_are_found_and_unknown_ones_are_reported()
    {
        Assert.Equal(
            ["Cluster:SiloPort", "Keys:Pepper", "Keys:Peper", "ConnectionStrings:Keys"],
            FindKeys("`Cluster:SiloPort` Keys__Pepper: x --Keys:Peper=… export ConnectionStrings__Keys="));
        Assert.True(IsRead("Keys:Pepper"));
        Assert.True(IsRead("ConnectionStrings:Keys"));
        Assert.False(IsRead("Keys:Peper"));
        Assert.False(IsRead("Keys:SiloPort"));
    }

    [Fact]
    public void The_configuration_page_documents_every_setting()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var settings = SettingPattern().Matches(SourceCode).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("Cluster:AdvertisedAddress", settings);
        Assert.Contains("Keys:AdminKeys:{name}:NotAfter", settings);
        Assert.All(settings, setting => Assert.Contains($"| `{setting}` |", page, StringComparison.Ordinal));
    }

    /// <summary>Lists the pages of the book, without decisions, which may mention settings that are gone.</summary>
    private static IEnumerable<string> ListPages()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        return new[] { ".", "how-to", "operations", "reference", "explanation" }
            .Select(folder => Path.GetFullPath(folder, docs))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.md"));
    }

    private static IEnumerable<string> FindKeys(string text) =>
        KeyPattern().Matches(text).Select(match => $"{match.Groups[1].Value}:{match.Groups[2].Value}").Distinct();

    /// <summary>Returns whether a property of some options is named like the key and documented with it.</summary>
    private static bool IsRead(string key) => SourceCode.Contains(key, StringComparison.Ordinal)
        && (key is "ConnectionStrings:Keys" or "ConnectionStrings:Migrations"
            || SourceCode.Contains($" {key.Split(':')[1]} {{ get;", StringComparison.Ordinal));

    [GeneratedRegex("\\b(Cluster|Keys|Api|Events|Hosting|Webhooks|ConnectionStrings)(?::|__)([A-Z][A-Za-z]+)")]
    private static partial Regex KeyPattern();

    /// <summary>A setting in the documentation of an option. It may contain the name of a thing.</summary>
    [GeneratedRegex("<c>((?:Cluster|Console|Keys|Api|Events|Hosting|Webhooks|ConnectionStrings)"
        + "(?::(?:[A-Z][A-Za-z]+|\\{name\\}))+)</c>")]
    private static partial Regex SettingPattern();
}

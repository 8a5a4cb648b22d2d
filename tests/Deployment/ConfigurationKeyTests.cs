using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Every setting that a deployment or its page names is one that the service reads.</summary>
public sealed partial class ConfigurationKeyTests
{
    private static readonly string Source = string.Join('\n', Directory
        .GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
        .Select(File.ReadAllText));

    public static TheoryData<string> Files =>
    [
        "README.md", "docs/operations.md", "deploy/compose.yaml", "deploy/local-cluster.sh", "deploy/docker/Dockerfile",
        .. Directory.GetFiles(Deploy.PathOf("kubernetes")).Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_names_no_setting_that_the_service_does_not_read(string file)
    {
        var unknown = KeysIn(File.ReadAllText(Path.Combine(Repository.Root, file))).Where(key => !IsRead(key));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Keys_are_found_and_wrong_ones_told()
    {
        Assert.Equal(
            ["Cluster:SiloPort", "Keys:Pepper", "Keys:Peper", "ConnectionStrings:Keys"],
            KeysIn("`Cluster:SiloPort` Keys__Pepper: x --Keys:Peper=… export ConnectionStrings__Keys="));
        Assert.True(IsRead("Keys:Pepper"));
        Assert.True(IsRead("ConnectionStrings:Keys"));
        Assert.False(IsRead("Keys:Peper"));
        Assert.False(IsRead("Keys:SiloPort"));
    }

    [Fact]
    public void The_page_names_every_setting_of_a_cluster()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        var documented = SettingsDocumentation().Matches(Source).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("Cluster:AdvertisedAddress", documented);
        Assert.All(documented.Where(key => key != "Keys:DataDirectory"), key => Assert.Contains(key, page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> KeysIn(string text) =>
        Key().Matches(text).Select(match => $"{match.Groups[1].Value}:{match.Groups[2].Value}").Distinct();

    private static bool IsRead(string key) => Source.Contains(key, StringComparison.Ordinal)
        && (key == "ConnectionStrings:Keys" || Source.Contains($" {key.Split(':')[1]} {{ get;", StringComparison.Ordinal));

    [GeneratedRegex("\\b(Cluster|Keys|Api|Hosting|ConnectionStrings)(?::|__)([A-Z][A-Za-z]+)")]
    private static partial Regex Key();

    [GeneratedRegex("<c>((?:Cluster|Keys|Api|Hosting):[A-Z][A-Za-z]+)</c>")]
    private static partial Regex SettingsDocumentation();
}

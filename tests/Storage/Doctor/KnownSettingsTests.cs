using System.Text.RegularExpressions;
using KeysCluster.Silo.Doctor;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests.Doctor;

/// <summary>The doctor knows each setting, and no other.</summary>
public sealed partial class KnownSettingsTests
{
    [Fact]
    public void The_known_settings_are_those_of_the_configuration_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var documented = RowPattern().Matches(page)
            .Select(match => match.Groups["setting"].Value)
            .Where(setting => KnownSettings.Sections.Contains(setting.Split(':')[0]))
            .ToList();

        Assert.Contains("Keys:AdminKeys:{name}:NotAfter", documented);
        Assert.Equal(documented.Order(StringComparer.Ordinal), KnownSettings.All.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Keys:AdminKeys:ops", true)]
    [InlineData("keys:adminkeys:ops:notafter", true)]
    [InlineData("Keys:AdminKeys:ops:After", false)]
    [InlineData("Cluster:Tls", false)]
    public void A_name_stands_for_any(string key, bool isKnown) => Assert.Equal(isKnown, KnownSettings.Contains(key));

    [Fact]
    public void A_misspelled_setting_has_the_intended_one_as_its_nearest() =>
        Assert.Equal("Cluster:LeaseDuration", KnownSettings.FindNearest("Cluster:LeaseDurations"));

    [GeneratedRegex(@"^\| `(?<setting>[A-Z]\w*:[^`…]+)` \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}

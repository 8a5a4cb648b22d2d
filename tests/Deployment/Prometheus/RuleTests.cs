using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests.Prometheus;

/// <summary>The alert rules are valid, each has a unit test, and each is explained to operators.</summary>
public sealed partial class RuleTests
{
    private static readonly string UnitTests =
        Path.Combine(Repository.Root, "tests", "Deployment", "Prometheus", "keyscluster.rules.test.yml");

    private static IEnumerable<string> Alerts => PromQueries.ReadAlerts().Select(alert => alert.Source);

    [Fact]
    public async Task The_rules_and_the_configuration_are_valid()
    {
        await RunAsync("check", "rules", PromQueries.RuleFile);
        await RunAsync("check", "config", Path.Combine(Path.GetDirectoryName(PromQueries.RuleFile)!, "prometheus.yml"));
    }

    [Fact]
    public Task Each_alert_fires_beyond_its_threshold() => RunAsync("test", "rules", UnitTests);

    [Fact]
    public void Each_alert_has_a_unit_test()
    {
        var tests = File.ReadAllText(UnitTests);

        Assert.All(Alerts, alert =>
            Assert.Contains($"- alertname: {alert}\n", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_alerts_has_a_section_for_each_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations", "alerts.md"));

        Assert.Equal(Alerts.Order(), HeadingPattern().Matches(page).Select(match => match.Groups[1].Value).Order());
    }

    private static Task<string> RunAsync(params string[] arguments) =>
        ProgramRunner.RunSuccessfullyAsync(ProgramRunner.Find("prometheus", "promtool"), arguments);

    /// <summary>A section with its three parts.</summary>
    [GeneratedRegex(@"^## (\w+)\n\n\*\*Meaning\*\*[^#]+\n\*\*Look at\*\*[^#]+\n\*\*Do\*\*", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();
}

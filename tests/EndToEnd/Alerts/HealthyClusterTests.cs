using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Alerts;

[Trait("Speed", "slow")]
public sealed partial class HealthyClusterTests
{
    /// <summary>Half a minute, or the minutes in the variable <c>KEYS_HEALTHY_LOAD_MINUTES</c>.</summary>
    private static TimeSpan Duration =>
        Environment.GetEnvironmentVariable("KEYS_HEALTHY_LOAD_MINUTES") is { } minutes
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
            : TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_alert_fires_under_a_healthy_load()
    {
        await using var watched = await WatchedCluster.StartAsync(silos: 2, new(ClusterService.Unthrottled));
        await using var prometheus = await PrometheusProcess.StartAsync(watched.Processes);
        var elapsed = Stopwatch.StartNew();

        await Task.WhenAll(watched.Processes.Select(async process =>
        {
            using var client = process.CreateClient(watched.ApiKey);
            while (elapsed.Elapsed < Duration)
            {
                var (id, first) = await client.CreateAsync();
                var second = (await client.RotateAsync(id)).Secret;
                for (var i = 0; i < 20; i++)
                {
                    Assert.Equal("retiring", await client.VerifyAsync(first));
                    Assert.Equal("active", await client.VerifyAsync(second));
                }

                (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
                Assert.Equal("revoked", await client.VerifyAsync(second));
            }
        }));

        Assert.Empty(await prometheus.GetAlertsSoFarAsync());
    }

    [Fact]
    public void A_test_fires_each_alert()
    {
        var rules = Path.Combine(Repository.Root, "deploy", "prometheus", "keyscluster.rules.yml");
        var alerts = AlertPattern().Matches(File.ReadAllText(rules)).Select(match => match.Groups[1].Value);
        var tests = File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "EndToEnd", "Alerts", $"{nameof(AlertTests)}.cs"));

        Assert.All(alerts, alert =>
            Assert.Contains($"WaitForAlertAsync(\"{alert}\")", tests, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertPattern();
}

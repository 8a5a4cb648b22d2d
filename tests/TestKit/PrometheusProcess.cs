using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KeysCluster.TestKit;

/// <summary>
/// A Prometheus that scrapes processes every second, with the rules that <c>deploy/prometheus</c> ships. Only the times
/// for which a condition must last differ: two seconds.
/// </summary>
public sealed partial class PrometheusProcess : IAsyncDisposable
{
    private static readonly TimeSpan AlertTimeout = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("keys-prometheus-").FullName;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusProcess(IReadOnlyList<Uri> targets)
    {
        var address = $"127.0.0.1:{FreePort.NextAsText()}";
        var rules = Path.Combine(Repository.Root, "deploy", "prometheus", "keyscluster.rules.yml");
        File.WriteAllText(Path.Combine(_folder, "rules.yml"), Hasten(File.ReadAllText(rules)));
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"), $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s{"}"}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: keyscluster
                static_configs:
                  - targets: [{string.Join(", ", targets.Select(target => target.Authority))}]
            """);
        _process = Process.Start(new ProcessStartInfo(
            ProgramRunner.Find("prometheus", "prometheus"),
            [
                "--config.file", Path.Combine(_folder, "prometheus.yml"),
                "--storage.tsdb.path", Path.Combine(_folder, "data"),
                "--web.listen-address", address,
                "--log.level", "error",
            ])
        { WorkingDirectory = _folder })!;
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}/api/v1/") };
    }

    /// <summary>Starts Prometheus, and waits until it has scraped each process twice.</summary>
    public static async Task<PrometheusProcess> StartAsync(params IReadOnlyList<ServiceProcess> processes)
    {
        var prometheus = new PrometheusProcess([.. processes.Select(process => process.ManagementAddress!)]);
        await Wait.UntilAsync(async () =>
        {
            try
            {
                var scraped = await prometheus.QueryAsync("sum(count_over_time(up[1h]) >= bool 2)");
                return scraped.Count == 1 && scraped[0].Value == processes.Count;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return prometheus;
    }

    /// <summary>Waits until an alert fires.</summary>
    /// <exception cref="TimeoutException">The alert did not fire within a minute.</exception>
    public Task WaitForAlertAsync(string alert) => Wait.UntilAsync(
        async () => (await QueryAsync($"ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}")).Count > 0,
        AlertTimeout,
        $"{alert} fires");

    /// <summary>Waits until all processes were scraped again.</summary>
    public async Task WaitForScrapeAsync()
    {
        var before = await CountScrapesAsync();
        await Wait.UntilAsync(async () => await CountScrapesAsync() >= before + 2);

        async Task<double> CountScrapesAsync() =>
            (await QueryAsync("min(count_over_time(up[1h]))")).Single().Value;
    }

    /// <summary>Returns the alerts that fired, or were about to, at any time until now.</summary>
    public async Task<IReadOnlyList<string>> GetAlertsSoFarAsync() =>
        [.. (await QueryAsync("count by (alertname) (count_over_time(ALERTS[1h]))")).Select(alert => alert.Alert)];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Shortens the periods of the rules. The expressions stay the same.</summary>
    private static string Hasten(string rules) =>
        IntervalPattern().Replace(ForPattern().Replace(rules, "for: 2s"), "interval: 1s");

    private async Task<IReadOnlyList<(string Alert, double Value)>> QueryAsync(string query)
    {
        using var response = JsonDocument.Parse(
            await _client.GetStringAsync($"query?query={Uri.EscapeDataString(query)}"));
        return
        [
            .. from series in response.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
               let name = series.GetProperty("metric").TryGetProperty("alertname", out var alert)
                   ? alert.GetString()!
                   : ""
               let value = series.GetProperty("value")[1].GetString()!
               select (name, double.Parse(value, CultureInfo.InvariantCulture)),
        ];
    }

    [GeneratedRegex(@"\bfor: \d+\w")]
    private static partial Regex ForPattern();

    [GeneratedRegex(@"\binterval: \d+\w")]
    private static partial Regex IntervalPattern();
}

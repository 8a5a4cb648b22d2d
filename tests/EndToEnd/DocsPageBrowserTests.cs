using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class DocsPageBrowserTests
{
    private static readonly TimeSpan BrowserTimeout = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_docs_page_renders_the_operations_in_a_browser()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var profile = Directory.CreateTempSubdirectory("keys-browser-");
        var networkLog = Path.Combine(profile.FullName, "network.json");
        try
        {
            using var timeout = new CancellationTokenSource(BrowserTimeout);
            var browser = ProgramRunner.Find("chromium", "chromium", "chromium-browser", "google-chrome");
            var page = await Cli.Wrap(browser)
                .WithArguments([
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000", "--dump-dom",
                    $"--log-net-log={networkLog}", "--enable-logging=stderr",
                    new Uri(process.Address, "/docs").ToString(),
                ])
                .ExecuteBufferedAsync(timeout.Token);

            Assert.Contains("Rotate virtual key secret", page.StandardOutput, StringComparison.Ordinal);
            Assert.Contains("Verify a secret", page.StandardOutput, StringComparison.Ordinal);
            Assert.DoesNotContain("Content Security Policy", page.StandardError, StringComparison.OrdinalIgnoreCase);
            var requests = ReadRequestsOfPage(networkLog, process.Address);
            Assert.Contains(requests, url => url.AbsolutePath == "/openapi/v1.json");
            Assert.All(requests, url => Assert.Equal(process.Address.Authority, url.Authority));
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    /// <summary>Returns the requests that a page of the service made, and not those of the browser itself.</summary>
    private static List<Uri> ReadRequestsOfPage(string networkLog, Uri service)
    {
        using var log = JsonDocument.Parse(File.ReadAllText(networkLog));
        return
        [
            .. log.RootElement.GetProperty("events").EnumerateArray()
                .Where(entry => entry.TryGetProperty("params", out var parameters)
                    && parameters.TryGetProperty("url", out _)
                    && parameters.TryGetProperty("initiator", out var initiator)
                    && initiator.GetString()!.StartsWith($"http://{service.Authority}", StringComparison.Ordinal))
                .Select(entry => new Uri(entry.GetProperty("params").GetProperty("url").GetString()!)),
        ];
    }
}

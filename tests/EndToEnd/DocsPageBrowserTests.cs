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
        try
        {
            using var timeout = new CancellationTokenSource(BrowserTimeout);
            var browser = ProgramRunner.Find("chromium", "chromium", "chromium-browser", "google-chrome");
            var page = await Cli.Wrap(browser)
                .WithArguments([
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000", "--dump-dom",
                    new Uri(process.Address, "/docs").ToString(),
                ])
                .ExecuteBufferedAsync(timeout.Token);

            Assert.Contains("Rotate virtual key secret", page.StandardOutput, StringComparison.Ordinal);
            Assert.Contains("Verify a secret", page.StandardOutput, StringComparison.Ordinal);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}

using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class DocsPageBrowserTests
{
    private static readonly string[] BrowserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    [Fact]
    public async Task The_docs_page_renders_the_operations_in_a_browser()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var profile = Directory.CreateTempSubdirectory("keys-browser-");
        try
        {
            var page = await Cli.Wrap(BrowserPaths.First(File.Exists))
                .WithArguments([
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000", "--dump-dom",
                    new Uri(process.Address, "/docs").ToString(),
                ])
                .ExecuteBufferedAsync(new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token);

            Assert.Contains("Rotate virtual key secret", page.StandardOutput, StringComparison.Ordinal);
            Assert.Contains("Verify a secret", page.StandardOutput, StringComparison.Ordinal);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}

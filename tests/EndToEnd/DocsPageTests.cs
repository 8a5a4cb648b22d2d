using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class DocsPageTests
{
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    [Fact]
    public async Task The_docs_page_shows_the_calls_in_a_browser()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var profile = Directory.CreateTempSubdirectory("keys-browser-");
        try
        {
            var page = await Cli.Wrap(Browsers.First(File.Exists))
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

using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>The browser that is installed on the machine, without a window.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task StartAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ProgramRunner.Find("chromium", "chromium", "chromium-browser", "google-chrome"),

            // Its sandbox does not work as root, as in containers.
            Args = ["--no-sandbox", "--disable-gpu"],
        });
    }

    public Task<IBrowserContext> OpenContextAsync(BrowserNewContextOptions options) =>
        _browser!.NewContextAsync(options);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

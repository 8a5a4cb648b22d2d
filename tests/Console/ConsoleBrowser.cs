using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>The browser that is installed on the machine, without a window.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts it. On a busy machine, a page may take seconds.</summary>
    public async Task StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000);
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

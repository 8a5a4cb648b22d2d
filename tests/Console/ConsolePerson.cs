using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>A person at a browser: what it requests and what it reports is checked when the window is closed.</summary>
public sealed class ConsolePerson : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _foreignRequests = new();
    private readonly ConcurrentQueue<string> _reports = new();

    private ConsolePerson(IBrowserContext context, IPage page, Uri address, Uri? provider)
    {
        (_context, Page, _address) = (context, page, address);
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("data:", StringComparison.Ordinal)) return;
            var authority = new Uri(request.Url).Authority;
            if (authority != address.Authority && authority != provider?.Authority)
                _foreignRequests.Enqueue(request.Url);
        };
        page.Console += (_, message) =>
        {
            // The status of a refused form is reported as an error, too.
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal)
                && !message.Text.Contains("status of 502", StringComparison.Ordinal))
                _reports.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _reports.Enqueue(error);
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    internal static async Task<ConsolePerson> OpenAsync(
        ConsoleBrowser browser, Uri address, BrowserNewContextOptions? options, Uri? provider = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = address.ToString();
        var context = await browser.OpenContextAsync(options);
        context.SetDefaultTimeout(60_000);
        return new ConsolePerson(context, await context.NewPageAsync(), address, provider);
    }

    /// <summary>Signs in, and opens the keys, if the key may view them.</summary>
    public async Task SignInAsync(string key)
    {
        await Page.GotoAsync("/console/sign-in");
        await Page.GetByLabel("API key or admin key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        var keys = Page.GetByRole(AriaRole.Link, new() { Name = "Keys", Exact = true });
        if (!await keys.IsVisibleAsync()) return;
        await keys.ClickAsync();
        await Page.WaitForURLAsync("**/console/keys");
    }

    /// <summary>Signs in by an account of the test provider.</summary>
    public async Task SignInByProviderAsync(string account)
    {
        if (!Page.Url.Contains("/console/sign-in", StringComparison.Ordinal)) await Page.GotoAsync("/console/sign-in");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = account, Exact = true }).ClickAsync();
        await Page.WaitForURLAsync(
            url => new Uri(url).AbsolutePath.StartsWith("/console", StringComparison.Ordinal),
            new() { WaitUntil = WaitUntilState.Commit });
    }

    /// <summary>Presses a button, or opens what it hides.</summary>
    public Task PressAsync(string name) =>
        Page.GetByRole(AriaRole.Button, new() { Name = name }).Filter(new() { Visible = true }).ClickAsync();

    /// <summary>Opens the form behind a summary.</summary>
    public Task UnfoldAsync(string name) =>
        Page.Locator("summary", new() { HasTextString = name }).First.ClickAsync();

    /// <summary>Sends a form with the token of the session, also one that no page shows.</summary>
    /// <returns>The status of the response.</returns>
    public async Task<int> PostFormAsync(string path, string name, params (string Name, string Value)[] fields)
    {
        var token = await Page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();
        var form = fields.ToDictionary(field => field.Name, field => field.Value);
        form["_handler"] = name;
        form["__RequestVerificationToken"] = token;
        return await Page.EvaluateAsync<int>(
            """
            async ([path, form]) =>
              (await fetch(path, { method: 'POST', body: new URLSearchParams(form) })).status
            """,
            new object[] { path, form });
    }

    public async Task<string> GetCookieAsync() =>
        Assert.Single(await _context.CookiesAsync()).Value;

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_foreignRequests);
        Assert.Empty(_reports);
    }
}

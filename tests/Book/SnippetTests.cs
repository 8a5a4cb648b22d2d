using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using KeysCluster.Book.Tests.Snippets;
using KeysCluster.Client;
using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>The snippets of the tutorial and of the how-to guides work as they are.</summary>
public sealed partial class SnippetTests(SnippetService service) : IClassFixture<SnippetService>
{
    private static readonly string[] Languages = ["sh", "powershell", "csharp", "ts", "js", "python"];

    private static readonly IReadOnlyList<Snippet> Runnable = [.. Snippet.All.Where(s => s.ReasonNotRun is null)];

    /// <summary>Each page with the tabs of its shell snippets. Those without a tab belong to every one.</summary>
    public static TheoryData<string, string> ShellScripts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var page in Runnable.Where(snippet => snippet.Language == "sh").GroupBy(snippet => snippet.Page))
            {
                var tabs = page.Select(snippet => snippet.Label).Distinct().ToList();
                foreach (var tab in tabs.Where(tab => tab.Length > 0 || tabs.Count == 1)) data.Add(page.Key, tab);
            }

            return data;
        }
    }

    public static TheoryData<string> TypeScriptPages => ListPages("ts");

    public static TheoryData<string> PythonPages => ListPages("python");

    public static TheoryData<string> PowerShellPages => ListPages("powershell");

    [Theory, MemberData(nameof(ShellScripts))]
    public async Task Shell_snippets_of_a_page_work_and_print_the_status_codes_in_their_comments(
        string page, string tab)
    {
        var script = Runnable
            .Where(snippet => snippet.Page == page && snippet.Language == "sh"
                && (snippet.Label.Length == 0 || snippet.Label == tab))
            .ToList();

        var output = await service.RunAsync(
            "bash", script, Runnable.Where(snippet => snippet.Page == page && snippet.IsFile));

        Assert.Equal(
            script.SelectMany(snippet => ExpectedStatusPattern().Matches(snippet.Text)).Select(m => m.Groups[1].Value),
            StatusPattern().Matches(output).Select(match => match.Groups[1].Value));
    }

    [Theory, MemberData(nameof(TypeScriptPages))]
    public Task TypeScript_snippets_of_a_page_work(string page) => RunAsync("node", page, "ts");

    [Theory, MemberData(nameof(PythonPages))]
    public Task Python_snippets_of_a_page_work(string page) => RunAsync("python3", page, "python");

    [Theory, MemberData(nameof(PowerShellPages))]
    public async Task PowerShell_snippets_of_a_page_work(string page)
    {
        var output = await RunAsync("pwsh", page, "powershell");
        Assert.Equal(
            ["active", "active", "retiring", "expired_secret", "active"],
            CodePattern().Matches(output).Select(match => match.Value));
    }

    [Fact]
    public async Task The_steps_of_the_tutorial_in_C_sharp_work()
    {
        Environment.SetEnvironmentVariable("KEYS_URL", service.Address.AbsoluteUri);
        Environment.SetEnvironmentVariable("KEYS_API_KEY", service.ApiKey);

        Assert.Equal([VerdictCode.Active, VerdictCode.Retiring, VerdictCode.ExpiredSecret], await Tutorial.RunAsync());
    }

    [Fact]
    public async Task The_API_of_the_guide_admits_a_key_with_the_permission_only()
    {
        using var keys = Client.KeysClient.Create(
            new KeysClientOptions { BaseAddress = service.Address, ApiKey = service.ApiKey });
        var permitted = await keys.VirtualKeys.CreateAsync(
            new CreateVirtualKey { Name = "permitted", Permissions = ["chat:write"] });
        var other = await keys.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "other" });
        await using var api = await ProtectedApi.StartAsync(service.Address, service.ApiKey);
        await using var withoutService = await ProtectedApi.StartAsync(
            new Uri($"http://127.0.0.1:{FreePort.NextAsText()}"), service.ApiKey);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(api.Urls.Single(), permitted.Secret));
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(api.Urls.Single(), other.Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api.Urls.Single(), "vk-lw-live_wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api.Urls.Single(), null));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable, await CallAsync(withoutService.Urls.Single(), permitted.Secret));
        await keys.VirtualKeys.RevokeAsync(permitted.VirtualKey.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api.Urls.Single(), permitted.Secret));
    }

    [Fact]
    public void Each_snippet_in_C_sharp_is_a_region_of_the_code_that_the_tests_run_and_each_region_is_a_snippet()
    {
        var snippets = Runnable.Where(snippet => snippet.Language == "csharp").ToList();

        Assert.NotEmpty(snippets);
        Assert.Equal(
            CodeRegion.All.Select(region => region.Text).Order(StringComparer.Ordinal),
            snippets.Select(snippet => snippet.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_snippet_is_run_or_says_why_not()
    {
        Assert.All(Runnable, snippet => Assert.True(
            Languages.Contains(snippet.Language) || snippet.IsFile || snippet.Language is "json" or "text" or "mermaid",
            $"{snippet}: no test runs {snippet.Language}"));
        Assert.All(Runnable.Where(snippet => snippet.IsFile), file => Assert.Contains(
            Runnable,
            snippet => snippet.Page == file.Page && snippet.Language == "sh"
                && snippet.Text.Contains(Path.GetFileNameWithoutExtension(file.Label), StringComparison.Ordinal)));
    }

    private static TheoryData<string> ListPages(string language) => [.. Runnable
        .Where(snippet => snippet.Language == language && !snippet.IsFile)
        .Select(snippet => snippet.Page)
        .Distinct()];

    private Task<string> RunAsync(string interpreter, string page, string language) => service.RunAsync(
        interpreter,
        Runnable.Where(snippet => snippet.Page == page && snippet.Language == language && !snippet.IsFile),
        []);

    private static async Task<HttpStatusCode> CallAsync(string address, string? secret)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{address}/chat"));
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>A status code in the comment at the end of a line.</summary>
    [GeneratedRegex("# (\\d{3})$", RegexOptions.Multiline)]
    private static partial Regex ExpectedStatusPattern();

    /// <summary>A line of output that is the code of a verdict.</summary>
    [GeneratedRegex("^[a-z_]+$", RegexOptions.Multiline)]
    private static partial Regex CodePattern();

    /// <summary>A line of output that is a status code.</summary>
    [GeneratedRegex("^(\\d{3})$", RegexOptions.Multiline)]
    private static partial Regex StatusPattern();
}

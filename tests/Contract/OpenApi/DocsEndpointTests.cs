using System.Text.RegularExpressions;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.OpenApi;

[Collection(SqliteService.CollectionName)]
public sealed partial class DocsEndpointTests(SqliteService service)
{
    /// <summary>Probes and browsers add parameters of their own.</summary>
    [Fact]
    public async Task Unknown_query_parameters_are_refused_under_api_only()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var path in new[] { "/health/live", "/health/ready", "/openapi/v1.json" })
            (await project.Client.SendAsync(HttpMethod.Get, path + "?x=1")).EnsureStatus(HttpStatusCode.OK);
        var refused = await project.Client.SendAsync(HttpMethod.Get, Routes.WhoAmI + "?x=1");
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "x");
    }

    [Fact]
    public async Task The_docs_page_loads_nothing_from_other_hosts()
    {
        using var client = service.CreateAnonymousClient();
        var page = await client.SendAsync(HttpMethod.Get, "/docs/");
        page.EnsureStatus(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotMatch(ExternalReferencePattern(), page.Body);

        var scripts = ScriptSourcePattern().Matches(page.Body).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(scripts);
        var baseAddress = new Uri(service.Process.Address, "/docs/");
        foreach (var script in scripts)
        {
            var response = await client.SendAsync(HttpMethod.Get, new Uri(baseAddress, script).PathAndQuery);
            response.EnsureStatus(HttpStatusCode.OK);
            Assert.Contains("javascript", response.Headers["Content-Type"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_runs_only_scripts_of_this_service_and_the_API_none()
    {
        using var client = service.CreateAnonymousClient();
        var page = await client.SendAsync(HttpMethod.Get, "/docs/");
        var policy = page.Headers["Content-Security-Policy"].Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("connect-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        var nonce = NoncePattern().Match(page.Headers["Content-Security-Policy"]).Groups[1].Value;
        Assert.Contains($"nonce=\"{nonce}\"", WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);

        var response = await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", response.Headers["Content-Security-Policy"]);
        Assert.Equal("nosniff", response.Headers["X-Content-Type-Options"]);
    }

    [Fact]
    public async Task The_document_has_an_entity_tag_and_is_sent_once_to_a_client_that_keeps_it()
    {
        using var client = service.CreateAnonymousClient();
        var first = await client.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        var again = await client.GetWithHeadersAsync(
            "/openapi/v1.json", ("If-None-Match", first.Headers["ETag"]));

        again.EnsureStatus(HttpStatusCode.NotModified);
        Assert.Empty(again.Body);
    }

    [Fact]
    public async Task The_document_and_its_page_can_be_switched_off()
    {
        await using var embedded = new EmbeddedService();
        await using var process = await embedded.StartAsync(
            new Dictionary<string, string> { ["Api__Documents"] = "false" });
        using var client = process.CreateClient();

        foreach (var path in (string[])["/openapi/v1.json", "/docs", "/docs/"])
            (await client.SendAsync(HttpMethod.Get, path)).EnsureStatus(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_path_without_a_trailing_slash_leads_to_the_docs_page()
    {
        using var client = service.CreateAnonymousClient();
        var page = await client.SendAsync(HttpMethod.Get, "/docs");
        page.EnsureStatus(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [GeneratedRegex(
        """(src|href)\s*=\s*["'](https?:)?//|url\(\s*["']?https?:|@import|from\s+["']https?:""",
        RegexOptions.IgnoreCase)]
    private static partial Regex ExternalReferencePattern();

    [GeneratedRegex("""<script[^>]*\ssrc\s*=\s*["']([^"']+)["']""")]
    private static partial Regex ScriptSourcePattern();

    [GeneratedRegex("script-src 'self' 'nonce-([^']{20,})'")]
    private static partial Regex NoncePattern();
}

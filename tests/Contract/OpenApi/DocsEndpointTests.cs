using System.Text.RegularExpressions;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.OpenApi;

[Collection(SqliteService.CollectionName)]
public sealed partial class DocsEndpointTests(SqliteService service)
{
    [Fact]
    public async Task The_docs_page_loads_nothing_from_other_hosts()
    {
        using var stranger = service.CreateAnonymousClient();
        var page = await stranger.SendAsync(HttpMethod.Get, "/docs/");
        page.EnsureStatus(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotMatch(ExternalReferencePattern(), page.Body);

        var scripts = ScriptSourcePattern().Matches(page.Body).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            var answer = await stranger.SendAsync(HttpMethod.Get, new Uri(new Uri(service.Process.Address, "/docs/"), script).PathAndQuery);
            answer.EnsureStatus(HttpStatusCode.OK);
            Assert.Contains("javascript", answer.Headers["Content-Type"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_path_without_a_trailing_slash_leads_to_the_docs_page()
    {
        using var stranger = service.CreateAnonymousClient();
        var page = await stranger.SendAsync(HttpMethod.Get, "/docs");
        page.EnsureStatus(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [GeneratedRegex("""(src|href)\s*=\s*["'](https?:)?//|url\(\s*["']?https?:|@import|from\s+["']https?:""", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalReferencePattern();

    [GeneratedRegex("""<script[^>]*\ssrc\s*=\s*["']([^"']+)["']""")]
    private static partial Regex ScriptSourcePattern();
}

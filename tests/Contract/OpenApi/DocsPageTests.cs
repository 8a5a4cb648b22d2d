using System.Text.RegularExpressions;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.OpenApi;

[Collection(SqliteService.Storage)]
public sealed partial class DocsPageTests(SqliteService service)
{
    [Fact]
    public async Task The_page_and_its_scripts_come_from_the_service_itself()
    {
        using var stranger = service.CreateStranger();
        var page = await stranger.SendAsync(HttpMethod.Get, "/docs/");
        page.Expect(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotMatch(OtherHost(), page.Body);

        var scripts = Script().Matches(page.Body).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            var answer = await stranger.SendAsync(HttpMethod.Get, new Uri(new Uri(service.Process.Address, "/docs/"), script).PathAndQuery);
            answer.Expect(HttpStatusCode.OK);
            Assert.Contains("javascript", answer.Headers["Content-Type"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_address_without_a_slash_leads_to_the_page()
    {
        using var stranger = service.CreateStranger();
        var page = await stranger.SendAsync(HttpMethod.Get, "/docs");
        page.Expect(HttpStatusCode.OK);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [GeneratedRegex("""(src|href)\s*=\s*["'](https?:)?//|url\(\s*["']?https?:|@import|from\s+["']https?:""", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHost();

    [GeneratedRegex("""<script[^>]*\ssrc\s*=\s*["']([^"']+)["']""")]
    private static partial Regex Script();
}

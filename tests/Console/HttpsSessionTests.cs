namespace KeysCluster.Console.Tests;

public sealed class HttpsSessionTests
{
    [Fact]
    public async Task Over_HTTPS_the_cookie_is_bound_to_the_host()
    {
        await using var service = new EmbeddedService();
        using var authority = new TestCertificateAuthority();
        var (certificate, key) = authority.Issue(role: null, name: "rest");
        await using var process = await service.StartWithHttpsAsync(certificate, key);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
        using var http = new HttpClient(handler) { BaseAddress = process.Address };
        http.DefaultRequestHeaders.Add("Origin", process.Address.GetLeftPart(UriPartial.Authority));
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("key", service.ApiKey)]);

        using var response = await http.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form);

        var parts = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split("; ");
        Assert.StartsWith("__Host-keys-console=", parts[0], StringComparison.Ordinal);
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], parts[1..].Order(StringComparer.Ordinal));

        // Without the prefix, another service of the host could have set it.
        http.DefaultRequestHeaders.Add("Cookie", parts[0].Replace("__Host-", "", StringComparison.Ordinal));
        using var page = await http.GetAsync(new Uri("/console/keys", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, page.StatusCode);
    }
}

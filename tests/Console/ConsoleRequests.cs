using System.Net;

namespace KeysCluster.Console.Tests;

/// <summary>Requests with the cookie of a session, without a browser.</summary>
internal static class ConsoleRequests
{
    public static async Task<HttpStatusCode> GetStatusAsync(Uri address, string cookie) =>
        (await GetAsync(address, cookie)).Status;

    /// <summary>Returns the status of a page, and the cookie that the response replaces the old one with.</summary>
    public static async Task<(HttpStatusCode Status, string Cookie)> GetAsync(Uri address, string cookie)
    {
        using var http = CreateClient(address);
        http.DefaultRequestHeaders.Add("Cookie", $"keys-console={cookie}");
        using var response = await http.GetAsync(new Uri("/console/keys", UriKind.Relative));
        return (response.StatusCode, ReadCookie(response) ?? cookie);
    }

    /// <summary>Signs in, and returns the cookie.</summary>
    public static async Task<string> SignInAsync(Uri address, string key)
    {
        using var http = CreateClient(address);
        http.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("key", key)]);
        using var response = await http.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form);
        return ReadCookie(response) ?? throw new InvalidOperationException($"Signing in: {response.StatusCode}");
    }

    private static HttpClient CreateClient(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    private static string? ReadCookie(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Single().Split(';')[0].Split('=')[1]
            : null;
}

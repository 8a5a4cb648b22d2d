using System.Net;
using System.Text.RegularExpressions;

namespace KeysCluster.Console.Tests;

/// <summary>Requests with the cookie of a session, without a browser.</summary>
internal static partial class ConsoleRequests
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

    /// <summary>Returns the HTML of a page.</summary>
    public static async Task<string> ReadPageAsync(Uri address, string cookie, string path)
    {
        using var http = CreateClient(address);
        http.DefaultRequestHeaders.Add("Cookie", $"keys-console={cookie}");
        return await http.GetStringAsync(new Uri(path, UriKind.Relative));
    }

    /// <summary>Signs in, and returns the cookie.</summary>
    public static async Task<string> SignInAsync(Uri address, string key)
    {
        using var response = await PostSignInAsync(address, key);
        return ReadCookie(response) ?? throw new InvalidOperationException($"Signing in: {response.StatusCode}");
    }

    /// <summary>Signs in, and returns the status of the response.</summary>
    public static async Task<HttpStatusCode> GetSignInStatusAsync(Uri address, string key)
    {
        using var response = await PostSignInAsync(address, key);
        return response.StatusCode;
    }

    /// <summary>Signs out by the form of a page.</summary>
    public static async Task SignOutAsync(Uri address, string cookie)
    {
        var page = await ReadPageAsync(address, cookie, "/console/keys");
        var token = FormTokenPattern().Match(page).Groups[1].Value;
        using var response = await PostAsync(
            address, "/console/sign-out", [new("__RequestVerificationToken", token)], cookie);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    private static Task<HttpResponseMessage> PostSignInAsync(Uri address, string key) =>
        PostAsync(address, "/console/sign-in", [new("_handler", "sign-in"), new("key", key)]);

    private static async Task<HttpResponseMessage> PostAsync(
        Uri address, string path, KeyValuePair<string, string>[] fields, string? cookie = null)
    {
        using var http = CreateClient(address);
        http.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        if (cookie is not null) http.DefaultRequestHeaders.Add("Cookie", $"keys-console={cookie}");
        using var form = new FormUrlEncodedContent(fields);
        return await http.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    private static HttpClient CreateClient(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    private static string? ReadCookie(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Single().Split(';')[0].Split('=')[1]
            : null;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormTokenPattern();
}

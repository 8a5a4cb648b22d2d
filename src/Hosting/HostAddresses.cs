using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Hosting;

/// <summary>The addresses that a host is configured to listen on.</summary>
internal static class HostAddresses
{
    /// <summary>Returns the addresses with the setting of each.</summary>
    /// <exception cref="StartupException">One of them is invalid.</exception>
    public static IReadOnlyList<(string Setting, BindingAddress Address)> Get(IConfiguration configuration)
    {
        // As in Kestrel, addresses in its section replace all others.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        return endpoints.Count > 0
            ? [.. endpoints.Select(endpoint => ($"{endpoint.Path}:Url", Parse(endpoint["Url"] ?? "", endpoint.Path)))]
            : [.. GetUrls(configuration).Select(url => ("urls", Parse(url)))];
    }

    /// <summary>Returns the addresses in <c>urls</c>, or else in <c>http_ports</c> and <c>https_ports</c>.</summary>
    public static IReadOnlyList<string> GetUrls(IConfiguration configuration) =>
        configuration["urls"] is { Length: > 0 } urls
            ? Split(urls)
            :
            [
                .. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"),
                .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}"),
            ];

    /// <exception cref="StartupException"><paramref name="url"/> is not an address.</exception>
    public static BindingAddress Parse(string url, string setting = "urls")
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.Port is >= 0 and <= ushort.MaxValue) return address;
        }
        catch (FormatException)
        {
            // The message below is for both.
        }

        throw new StartupException($"'{url}' in {setting} is not an address such as http://127.0.0.1:5080.");
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

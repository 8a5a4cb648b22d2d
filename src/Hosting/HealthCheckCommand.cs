using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Hosting;

/// <summary>
/// The command <c>healthcheck [live|ready]</c>. It requests the health endpoint of the host that runs on this machine
/// with the same configuration. Container images without a shell have no other program for their health check.
/// </summary>
public static class HealthCheckCommand
{
    private const string Name = "healthcheck";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Name, ..];

    /// <summary>Requests <c>/health/live</c>, or <c>/health/ready</c>, and prints an unhealthy response.</summary>
    /// <returns>The exit code: 0 if the host is healthy, otherwise 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var endpoint = args is [_, "ready", ..] ? "ready" : "live";
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddHostDefaults();
            var address = new Uri(GetAddress(builder.Configuration), $"health/{endpoint}");
            using var http = new HttpClient { Timeout = RequestTimeout };
            using var response = await http.GetAsync(address);
            if (response.IsSuccessStatusCode) return 0;

            var body = await response.Content.ReadAsStringAsync();
            await Console.Error.WriteLineAsync($"{(int)response.StatusCode}: {body}");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or StartupException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        return 1;
    }

    /// <summary>Returns the plain HTTP address of the host, as this machine reaches it.</summary>
    private static Uri GetAddress(ConfigurationManager configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } configured
            ? Split(configured)
            : Split(configuration["http_ports"] ?? "").Select(port => $"http://*:{port}");
        var address = urls.Select(PortCheck.ParseAddress).FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp)
            ?? throw new StartupException(
                "The health check needs a plain HTTP address: set urls or ASPNETCORE_HTTP_PORTS.");
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new Uri($"http://{host}:{address.Port}{address.PathBase}/");
    }

    private static string[] Split(string list) =>
        list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

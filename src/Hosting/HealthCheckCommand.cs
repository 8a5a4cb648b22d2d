using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
            using var http = CreateClient();
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

    /// <summary>Returns the address of the health endpoints, as this machine reaches it.</summary>
    private static Uri GetAddress(IConfiguration configuration)
    {
        var address = ManagementAddress.GetUrl(configuration) is { } management
            ? HostAddresses.Parse(management)
            : HostAddresses.Get(configuration).Select(address => address.Address).FirstOrDefault(IsReachable)
                ?? throw new StartupException("The health check needs an address: set urls or ASPNETCORE_HTTP_PORTS.");
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new Uri($"{address.Scheme}://{host}:{address.Port}{address.PathBase}/");
    }

    private static bool IsReachable(BindingAddress address) => !address.IsUnixPipe && !address.IsNamedPipe;

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation",
        Justification = "The host is this one, its certificate names another address, and no secret is sent.")]
    private static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        Timeout = RequestTimeout,
    };
}

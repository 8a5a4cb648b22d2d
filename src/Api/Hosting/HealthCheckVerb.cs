namespace KeysCluster.Api.Hosting;

/// <summary>
/// <c>healthcheck [live|ready]</c>: asks the host that runs here with the same configuration, and tells by the exit code.
/// Images without a shell have no other program to ask with.
/// </summary>
public static class HealthCheckVerb
{
    private const string Verb = "healthcheck";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the command line asks for it, before any option.</summary>
    public static bool IsIn(string[] args) => args is [Verb, ..];

    /// <summary>Asks, and prints the answer when it is not good.</summary>
    /// <returns>0 when the host answers that it is well, 1 otherwise.</returns>
    public static async Task<int> Run(string[] args)
    {
        var question = args is [_, "ready", ..] ? "ready" : "live";
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddHostDefaults();
            using var http = new HttpClient { Timeout = Patience };
            using var answer = await http.GetAsync(new Uri(Address(builder.Configuration), $"health/{question}"));
            if (answer.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or StartupException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        return 1;
    }

    /// <summary>Where the host serves plain HTTP, as it is reached from its own machine.</summary>
    internal static Uri Address(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } given
            ? given.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : (configuration["http_ports"] ?? "")
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"http://*:{port}");
        var address = urls.Select(Ports.Address).FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp)
            ?? throw new StartupException("The health check finds no plain HTTP address: set urls or ASPNETCORE_HTTP_PORTS.");
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new Uri($"http://{host}:{address.Port}{address.PathBase}/");
    }
}

using KeysCluster.Validation;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Samples.Tests;

/// <summary>Runs the sample with its own <c>Program</c>, and logs at every level.</summary>
public sealed class GatewayFactory : WebApplicationFactory<Program>
{
    private readonly string? _connectionString;
    private readonly IVirtualKeyValidator? _validator;

    private GatewayFactory(string? connectionString, IVirtualKeyValidator? validator) =>
        (_connectionString, _validator) = (connectionString, validator);

    /// <summary>The log of the sample.</summary>
    public TestLoggerProvider Log { get; } = new();

    /// <summary>Starts the sample on a cluster, with a real HTTP server.</summary>
    public static GatewayFactory OnCluster(string connectionString)
    {
        var gateway = new GatewayFactory(connectionString, null);
        gateway.UseKestrel(0);
        gateway.StartServer();
        return gateway;
    }

    /// <summary>Creates the sample without a cluster, with its own validator unless the test passes one.</summary>
    public static GatewayFactory WithoutCluster(IVirtualKeyValidator? validator = null) => new(null, validator);

    /// <inheritdoc />
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:Keys", _connectionString ?? "Host=nowhere.invalid");
        foreach (var category in (string[])["Default", "Microsoft.AspNetCore", "Orleans"])
            builder.UseSetting($"Logging:LogLevel:{category}", "Trace");
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services =>
        {
            if (_connectionString is null) RemoveClusterClient(services);
            if (_validator is not null) services.Replace(ServiceDescriptor.Singleton(_validator));
        });
    }

    /// <summary>Removes the services that would wait for a cluster, but not the web server.</summary>
    private static void RemoveClusterClient(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
        {
            var name = service.ImplementationType?.Namespace;
            if (name?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true)
                services.Remove(service);
        }
    }
}

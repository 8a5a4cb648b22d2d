using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Samples.Tests;

/// <summary>The sample as its Program makes it, saying all that it can say in its log.</summary>
public sealed class GatewayFactory : WebApplicationFactory<Program>
{
    private readonly string? _connectionString;
    private readonly IVirtualKeyValidator? _validator;

    private GatewayFactory(string? cluster, IVirtualKeyValidator? validator) => (_connectionString, _validator) = (cluster, validator);

    /// <summary>All that it has logged.</summary>
    public TestLoggerProvider Log { get; } = new();

    /// <summary>On a cluster, over real HTTP.</summary>
    public static GatewayFactory OnCluster(string connectionString)
    {
        var sample = new GatewayFactory(connectionString, null);
        sample.UseKestrel(0);
        sample.StartServer();
        return sample;
    }

    /// <summary>Without a cluster, with a validator of the test's own or else the one that it registers.</summary>
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

    /// <summary>It would wait for a cluster. The web server, which is a hosted service too, stays.</summary>
    private static void RemoveClusterClient(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
        {
            if (service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true)
                services.Remove(service);
        }
    }
}

using KeysCluster.Benchmarks.Http;
using KeysCluster.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// This program again, as a server in a process of its own: an environment variable tells it which one it is to be.
/// </summary>
internal static class BenchmarkServerProcess
{
    private const string RoleKey = "Benchmarks:Role";
    private const string SiloPortKey = "Benchmarks:SiloPort";
    private const string GatewayPortKey = "Benchmarks:GatewayPort";

    private const string SiloRole = "silo";
    private const string EmptyServerRole = "empty-server";

    /// <summary>What this process is to be; null in the one that measures.</summary>
    public static string? Role => Environment.GetEnvironmentVariable(RoleKey.Replace(":", "__", StringComparison.Ordinal));

    /// <summary>Starts a <see cref="BenchmarkSiloExtensions"/> on memory storage, for Orleans clients at this gateway port.</summary>
    public static Task<ServiceProcess> StartSiloAsync(int gatewayPort) => StartAsync(SiloRole, new()
    {
        [SiloPortKey] = FreePort.NextAsText(),
        [GatewayPortKey] = gatewayPort.ToString(null as IFormatProvider),
    });

    /// <summary>Starts an <see cref="EmptyServerExtensions"/>.</summary>
    public static Task<ServiceProcess> StartEmptyServerAsync() => StartAsync(EmptyServerRole, []);

    /// <summary>Serves in that role until this process is ended.</summary>
    public static Task ServeAsync(string role, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (role == EmptyServerRole) builder.AddEmptyServer();
        else
        {
            builder.AddBenchmarkSilo(
                SiloStorageExtensions.UseMemory,
                int.Parse(builder.Configuration[SiloPortKey]!, null),
                int.Parse(builder.Configuration[GatewayPortKey]!, null));
        }

        var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        if (role == EmptyServerRole) app.MapEmptyServer();
        return app.RunAsync();
    }

    private static Task<ServiceProcess> StartAsync(string role, Dictionary<string, string> settings)
    {
        settings[RoleKey] = role;
        settings["Logging:LogLevel:Default"] = "Warning";
        return ServiceProcess.StartAsync(typeof(BenchmarkServerProcess).Assembly.Location, settings);
    }
}

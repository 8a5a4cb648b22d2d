using System.Globalization;
using KeysCluster.Benchmarks.Http;
using KeysCluster.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// This program in another process, as a server. An environment variable selects the role of the process.
/// </summary>
internal static class BenchmarkServerProcess
{
    private const string RoleKey = "Benchmarks:Role";
    private const string SiloPortKey = "Benchmarks:SiloPort";
    private const string GatewayPortKey = "Benchmarks:GatewayPort";

    private const string SiloRole = "silo";
    private const string EmptyServerRole = "empty-server";

    /// <summary>The role of this process; null in the process that measures.</summary>
    public static string? Role =>
        Environment.GetEnvironmentVariable(RoleKey.Replace(":", "__", StringComparison.Ordinal));

    /// <summary>Starts a silo on storage in memory, for Orleans clients at a gateway port.</summary>
    public static Task<ServiceProcess> StartSiloAsync(int gatewayPort) => StartAsync(SiloRole, new()
    {
        [SiloPortKey] = FreePort.NextAsText(),
        [GatewayPortKey] = gatewayPort.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>Starts a server of <see cref="EmptyServerExtensions"/>.</summary>
    public static Task<ServiceProcess> StartEmptyServerAsync() => StartAsync(EmptyServerRole, []);

    /// <summary>Serves in a role until this process is stopped.</summary>
    public static Task ServeAsync(string role, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (role == EmptyServerRole) builder.AddEmptyServer();
        else
        {
            builder.AddBenchmarkSilo(
                SiloStorageExtensions.UseMemory,
                int.Parse(builder.Configuration[SiloPortKey]!, CultureInfo.InvariantCulture),
                int.Parse(builder.Configuration[GatewayPortKey]!, CultureInfo.InvariantCulture));
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

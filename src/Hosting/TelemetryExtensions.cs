using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace KeysCluster.Hosting;

/// <summary>
/// Sends traces and metrics over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Otherwise nothing is collected,
/// because spans make a grain call several times slower.
/// </summary>
public static class TelemetryExtensions
{
    /// <summary>Returns whether an OTLP endpoint is configured.</summary>
    public static bool IsTelemetryEnabled(this IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>Collects traces and metrics of ASP.NET Core and the .NET runtime, and those of the host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="addSources">Adds the activity sources of the host.</param>
    /// <param name="addMeters">Adds the meters of the host.</param>
    public static void AddTelemetry(
        this IHostApplicationBuilder builder,
        Action<TracerProviderBuilder> addSources,
        Action<MeterProviderBuilder> addMeters)
    {
        if (!builder.Configuration.IsTelemetryEnabled()) return;

        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => addSources(tracing.AddAspNetCoreInstrumentation()))
            .WithMetrics(metrics => addMeters(metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation()))
            .UseOtlpExporter();
    }
}

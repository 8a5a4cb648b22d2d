using KeysCluster.Validation.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace KeysCluster.Samples.Gateway;

internal static class TelemetryExtensions
{
    public static bool IsTelemetryEnabled(this WebApplicationBuilder builder) =>
        !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>
    /// Exports traces, metrics and logs over OTLP, those of the validator included, if an endpoint is configured.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (!builder.IsTelemetryEnabled()) return;
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("Microsoft.Orleans.*"))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(KeysClusterMeter.Name))
            .WithLogging()
            .UseOtlpExporter();
    }
}

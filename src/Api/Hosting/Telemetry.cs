using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace KeysCluster.Api.Hosting;

/// <summary>
/// Traces and metrics of a host, sent over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. Without it nothing is
/// observed: spans that nobody gets make a grain call several times as long.
/// </summary>
public static class Telemetry
{
    /// <summary>Whether there is somebody to send them to.</summary>
    public static bool IsTelemetryWanted(this IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>Observes the front end and Orleans; a host adds what else it has.</summary>
    public static void AddKeysTelemetry(this IHostApplicationBuilder builder, Action<IOpenTelemetryBuilder>? more = null)
    {
        if (!builder.Configuration.IsTelemetryWanted()) return;
        IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("Microsoft.Orleans.*"))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Microsoft.Orleans", ValidatorServices.MeterName));
        telemetry.UseOtlpExporter();
        more?.Invoke(telemetry);
    }
}

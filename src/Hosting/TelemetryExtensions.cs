using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KeysCluster.Hosting;

/// <summary>
/// Sends traces, metrics and logs over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and serves metrics to
/// Prometheus at the management address if there is one. Otherwise nothing is collected.
/// </summary>
public static class TelemetryExtensions
{
    private const string MetricsPath = "/metrics";

    /// <summary>Returns whether an OTLP endpoint is configured, so that requests are traced.</summary>
    public static bool IsTracingEnabled(this IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>Collects traces and metrics of ASP.NET Core and .NET, those of the host, and logs.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="serviceName">The name of the service, which <c>OTEL_SERVICE_NAME</c> replaces.</param>
    /// <param name="addSources">Adds the activity sources of the host.</param>
    /// <param name="addMeters">Adds the meters of the host.</param>
    /// <exception cref="StartupException">A setting is invalid.</exception>
    public static void AddTelemetry(
        this IHostApplicationBuilder builder,
        string serviceName,
        Action<TracerProviderBuilder> addSources,
        Action<MeterProviderBuilder> addMeters)
    {
        var options = new TelemetryOptions();
        builder.Configuration.GetSection("Hosting").Bind(options);
        SettingsValidation.Validate(options);
        var hasOtlp = builder.Configuration.IsTracingEnabled();
        var hasPrometheus = ManagementAddress.GetUrl(builder.Configuration) is not null;
        if (!hasOtlp && !hasPrometheus) return;

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Describe(serviceName))
            .WithMetrics(metrics => addMeters(metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation()));
        if (hasPrometheus)
        {
            telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
            builder.Services.AddSingleton<PrometheusRegistration>();
        }

        if (!hasOtlp) return;
        telemetry
            .WithTracing(tracing =>
            {
                if (builder.Configuration["OTEL_TRACES_SAMPLER"] is null) tracing.Sample(options.TraceSampleRatio);
                tracing.AddAspNetCoreInstrumentation(requests => requests.Filter = IsRequestOfClient);
                addSources(tracing);
            })
            .WithLogging(
                logging => logging.AddProcessor(new EventIdProcessor()),
                logging => logging.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }

    /// <summary>Maps <c>/metrics</c> at the management address, if <see cref="AddTelemetry"/> was called.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        if (routes.ServiceProvider.GetService<PrometheusRegistration>() is null) return;
        routes.MapPrometheusScrapingEndpoint(MetricsPath).RequireManagementAddress().AllowAnonymous();
    }

    private static void Describe(this ResourceBuilder resource, string serviceName) => resource
        .Clear()
        .AddService(
            serviceName,
            serviceVersion: typeof(TelemetryExtensions).Assembly.GetName().Version!.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>
    /// Samples by the id of the trace, so that a front end and the silos choose the same traces. A client's own
    /// decision does not count: it could have each of its requests traced.
    /// </summary>
    private static void Sample(this TracerProviderBuilder tracing, double ratio)
    {
        var sampler = new TraceIdRatioBasedSampler(ratio);
        tracing.SetSampler(new ParentBasedSampler(sampler, remoteParentSampled: sampler));
    }

    private static bool IsRequestOfClient(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health") && context.Request.Path != MetricsPath;

    private sealed class PrometheusRegistration;
}

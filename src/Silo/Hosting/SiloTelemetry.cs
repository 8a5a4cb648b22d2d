using KeysCluster.Api.Hosting;
using Npgsql;
using OpenTelemetry;

namespace KeysCluster.Silo.Hosting;

internal static class SiloTelemetry
{
    /// <summary>What a front end observes, and the statements that go to PostgreSQL, without their parameters.</summary>
    public static void AddSiloTelemetry(this IHostApplicationBuilder builder) =>
        builder.AddKeysTelemetry(telemetry => telemetry
            .WithTracing(tracing => tracing.AddNpgsql())
            .WithMetrics(metrics => metrics.AddMeter("Npgsql")));
}

using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

internal static class HealthEndpointExtensions
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Liveness runs no check: an unavailable database must not restart any process.
        routes.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = _ => false,
            ResponseWriter = (context, _) => context.Response.WriteAsJsonAsync(new { status = "live" }),
        });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteReadinessAsync });
    }

    private static Task WriteReadinessAsync(HttpContext context, HealthReport report)
    {
        if (report.Status == HealthStatus.Healthy)
            return context.Response.WriteAsJsonAsync(new { status = "ready" });

        var reasons = report.Entries.Values.Select(entry => entry.Description).OfType<string>();
        return context.Response.WriteAsJsonAsync(new ErrorResponse("not_ready", string.Join(' ', reasons)));
    }
}

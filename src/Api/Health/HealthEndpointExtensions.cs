using KeysCluster.Api.Errors;
using KeysCluster.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

internal static class HealthEndpointExtensions
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Liveness runs no check: an unavailable database must not restart any process.
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" }))
            .RequireManagementAddress()
            .AllowAnonymous()
            .ExcludeFromDescription();
        routes.MapGet("/health/ready", HandleReadyAsync)
            .RequireManagementAddress()
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    /// <summary>
    /// Responds 200 if this process can answer validations, also when something else is wrong (<c>degraded</c>), and
    /// 503 if it cannot.
    /// </summary>
    private static async Task<IResult> HandleReadyAsync(Readiness readiness)
    {
        var report = await readiness.CheckAsync();
        var reasons = report.Entries.Values
            .Where(entry => entry.Status != HealthStatus.Healthy)
            .Select(entry => entry.Description)
            .OfType<string>()
            .ToList();
        return report.Status switch
        {
            HealthStatus.Healthy => TypedResults.Ok(new { status = "ready" }),
            HealthStatus.Degraded => TypedResults.Ok(new { status = "degraded", reasons }),
            _ => TypedResults.Json(
                new ErrorResponse("not_ready", string.Join(' ', reasons), Code: "not_ready"),
                statusCode: StatusCodes.Status503ServiceUnavailable),
        };
    }
}

using KeysCluster.Api.Authorization;
using KeysCluster.Hosting;
using Orleans.Dashboard;

namespace KeysCluster.Silo.Dashboard;

/// <summary>
/// The dashboard of Orleans: load, latencies and errors by grain type and silo. It shows no state of a grain, no log,
/// and no id of a key.
/// </summary>
internal static class DashboardExtensions
{
    private const string Path = "/dashboard";

    /// <summary>
    /// The endpoints that exist. Others of the package show states, logs or reminders, whose rows have the ids of keys,
    /// and those of a later version are not known.
    /// </summary>
    private static readonly HashSet<string> Permitted =
    [
        "", "index.html", "index.css", "index.min.js", "favicon.ico", "fonts", "img", "version",
        "ClusterStats", "DashboardCounters", "GrainStats", "HistoricalStats", "LifecycleStages", "SiloCounters",
        "SiloProperties", "SiloStats", "TopGrainMethods",
    ];

    /// <summary>Collects what the dashboard shows, if it is switched on.</summary>
    /// <exception cref="StartupException">There is no management address.</exception>
    public static void AddKeysDashboard(this WebApplicationBuilder builder)
    {
        if (!IsEnabled(builder.Configuration)) return;
        if (string.IsNullOrEmpty(builder.Configuration["Hosting:ManagementUrl"]))
            throw new StartupException("Hosting:Dashboard needs Hosting:ManagementUrl, the address of the dashboard.");
        builder.UseOrleans(silo => silo.AddDashboard(dashboard => dashboard.HideTrace = true));
    }

    /// <summary>Maps the dashboard at the management address, for callers with an admin key.</summary>
    public static void MapKeysDashboard(this WebApplication app)
    {
        if (!IsEnabled(app.Configuration)) return;
        IEndpointConventionBuilder dashboard = app.MapOrleansDashboard(Path).RequireOperator().ExcludeFromDescription();
        dashboard.Finally(Restrict);
    }

    private static bool IsEnabled(IConfiguration configuration) =>
        configuration.GetSection("Hosting").Get<DashboardOptions>()?.Dashboard == true;

    private static void Restrict(EndpointBuilder endpoint)
    {
        var pattern = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText ?? "";
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Permitted.Contains(segments.ElementAtOrDefault(1) ?? "")) return;
        endpoint.RequestDelegate = context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    }
}

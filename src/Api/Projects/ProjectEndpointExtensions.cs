using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ProjectEndpointExtensions
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects")
            .WithTags("Projects")
            .RequireRateLimiting(RateLimitExtensions.Management)
            .AddEndpointFilter<QueryCheckFilter>()
            .AddEndpointFilter<BadRequestFilter>()
            .ProducesErrors(ApiErrors.Common);

        var admin = group.MapGroup("").RequireAuthorization(ApiKeyPrincipal.AdminPolicy);
        CreateProject.Map(admin);
        ListProjects.Map(admin);
        GetProject.Map(admin);

        // A project can replace its own API key after a leak, without the administrator.
        var adminOrProject = group.MapGroup("").RequireAuthorization(ApiKeyPrincipal.AdminOrProjectPolicy);
        RotateProjectApiKey.Map(adminOrProject);
        ExpireRetiringApiKey.Map(adminOrProject);
        ExpireRetiringApiKeys.Map(adminOrProject);
        UpdateRetiringApiKey.Map(adminOrProject);
    }

    /// <summary>
    /// Returns the grain of the project in a path, and the caller to change it; null if the text is not an id or the
    /// user must not change the project. Both cases have the same response, so that ids cannot be probed.
    /// </summary>
    public static (IProjectGrain Grain, Caller Caller)? FindProject(
        this IGrainFactory grains, string id, ClaimsPrincipal user) =>
        ProjectId.TryParse(id, out var project) && user.CanChange(project)
            ? (grains.GetProjectGrain(project), new Caller(project, user.GetActor(), user.GetOrigin()))
            : null;

    /// <summary>Returns the response to a change that issues no API key.</summary>
    public static IResult ToResult(this ProjectResult result) =>
        result.ToError() ?? (IResult)TypedResults.Ok(ProjectResponse.From(result.Project!));

    /// <summary>Returns the error of a change; null if it was applied or replayed.</summary>
    public static ErrorResult? ToError(this ProjectResult result) =>
        result.Outcome.ToError(notFound: ApiErrors.ProjectNotFound);
}

using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Hosting;
using KeysCluster.Api.Requests;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects")
            .WithTags("Projects")
            .RequireRateLimiting(RateLimits.Management)
            .AddEndpointFilter<RefuseBadRequests>()
            .ProducesErrors(ApiErrors.OfEveryCall);

        var admin = group.MapGroup("").RequireAuthorization(ApiPrincipal.AdminPolicy);
        CreateProject.Map(admin);
        ListProjects.Map(admin);
        GetProject.Map(admin);

        // A project mends a leak of its own API key without waiting for the administrator.
        var own = group.MapGroup("").RequireAuthorization(ApiPrincipal.AdminOrProjectPolicy);
        RotateProjectApiKey.Map(own);
        CutRetiringApiKey.Map(own);
        CutRetiringApiKeys.Map(own);
        MoveRetiringApiKeyDeadline.Map(own);
    }

    /// <summary>The project of a path and on whose behalf it is changed; null when it is not there for this user.</summary>
    public static (IProjectGrain Grain, Caller Caller)? FindProject(this IGrainFactory grains, string id, ClaimsPrincipal user) =>
        ProjectId.TryParse(id, out var project) && user.MayChange(project)
            ? (grains.GetProject(project), new Caller(project, user.Actor()))
            : null;

    /// <summary>The answer to a change that shows no API key.</summary>
    public static IResult Answer(this ProjectResult result) =>
        result.Error() ?? (IResult)TypedResults.Ok(new ProjectAnswer(ProjectBody.Of(result.Project!)));

    /// <summary>The failure that stands for how a change ended; null when it was carried out.</summary>
    public static ErrorResult? Error(this ProjectResult result) => result.Outcome.Error(ApiErrors.ProjectNotFound);
}

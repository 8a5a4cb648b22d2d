using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Hosting;
using KeysCluster.Api.Requests;

namespace KeysCluster.Api.Projects;

internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects")
            .WithTags("Projects")
            .RequireAuthorization(ApiPrincipal.AdminPolicy)
            .RequireRateLimiting(RateLimits.Management)
            .AddEndpointFilter<RefuseBadBodies>()
            .ProducesErrors(401, 403, 422, 429, 500, 503);

        CreateProject.Map(group);
        ListProjects.Map(group);
        GetProject.Map(group);
        RotateProjectApiKey.Map(group);
    }
}

using System.Security.Claims;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Projects;

internal static class CutRetiringApiKeys
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-api-keys", Handle)
        .WithName("deleteApiProjectsByIdRetiring-api-keys")
        .WithSummary("Cut all retiring API keys")
        .WithDescription("Ends every replaced API key now; the current one goes on. None retiring is no error.")
        .Produces<ProjectAnswer>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> Handle(
        string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return (await project.Grain.CutRetiringApiKeys(new(project.Caller, Secret: null))).Answer();
    }
}

using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class DisableProject
{
    internal sealed record Request : IOptionalBody
    {
        [Text(0, ProjectLimits.MaxReasonLength, IsMultiline = true)]
        [Description("Shown with the project.")]
        public string? Reason { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/disable", HandleAsync)
        .WithName("postApiProjectsByIdDisable")
        .RequireAdmin()
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Disable a project")
        .WithDescription(
            "Refuses all virtual keys and API keys of the project until it is enabled again. None is accepted anywhere "
            + "when the response arrives. Disabling a disabled project changes nothing and keeps the first reason.")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return (await project.Grain.Disable(project.Caller, body.Value.Reason)).ToResult();
    }
}

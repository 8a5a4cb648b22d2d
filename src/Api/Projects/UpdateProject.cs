using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class UpdateProject
{
    [UnsupportedMember("piiRedactionLevel")]
    internal sealed class Request
    {
        [Text(1, 255)]
        [Description("1 to 255 characters. The slug does not follow it.")]
        public string Name { get; init; } = null!;

        [Range(0, 1_000_000, ErrorMessage = "must be between 0 and 1000000.")]
        [Description("The maximum number of virtual keys that are not revoked. Only an admin key may set it.")]
        public int? MaxVirtualKeys { get; init; }

        [Text(0, 255)]
        public string? Language { get; init; }

        [Text(0, 255)]
        public string? Framework { get; init; }

        [JsonPropertyName("teamId"), Text(0, 255)]
        public string? TeamId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{id}", HandleAsync)
        .WithName("patchApiProjectsById")
        .RequirePermission(ApiKeyPermissions.ManageProject, orAdmin: true)
        .WithSummary("Update a project")
        .WithDescription("Changes the members in the request; the others keep their values.")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var request = body.Value;
        if (request.MaxVirtualKeys is not null && !user.IsAdmin()) return ApiErrors.AdminKeyNeeded;
        var result = await project.Grain.Update(new UpdateProjectCommand
        {
            Caller = project.Caller,
            Name = request.Name,
            MaxVirtualKeys = request.MaxVirtualKeys,
            Language = request.Language,
            Framework = request.Framework,
            TeamId = request.TeamId,
        });
        return result.ToResult();
    }
}

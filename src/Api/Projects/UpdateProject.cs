using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class UpdateProject
{
    [UnsupportedMember("newTeamName")]
    [UnsupportedMember("piiRedactionLevel")]
    internal sealed class Request
    {
        [Text(1, ProjectLimits.MaxNameLength)]
        [Description("1 to 255 characters. The slug does not follow it.")]
        public string Name { get; init; } = null!;

        [Range(0, ProjectLimits.MaxVirtualKeys, ErrorMessage = "must be between 0 and 1000000.")]
        [Description("The maximum number of virtual keys that are not revoked; null restores the default, 10000. Only "
            + "an admin key may set it.")]
        public int? MaxVirtualKeys
        {
            get;
            init => (field, SetsMaxVirtualKeys) = (value, true);
        }

        [JsonIgnore]
        public bool SetsMaxVirtualKeys { get; private init; }

        [Text(0, ProjectLimits.MaxNameLength)]
        [Description("Null or an empty string clears it.")]
        public string? Language
        {
            get;
            init => (field, ClearsLanguage) = (value, string.IsNullOrEmpty(value));
        }

        [JsonIgnore]
        public bool ClearsLanguage { get; private init; }

        [Text(0, ProjectLimits.MaxNameLength)]
        [Description("Null or an empty string clears it.")]
        public string? Framework
        {
            get;
            init => (field, ClearsFramework) = (value, string.IsNullOrEmpty(value));
        }

        [JsonIgnore]
        public bool ClearsFramework { get; private init; }

        [JsonPropertyName("teamId"), Text(0, ProjectLimits.MaxNameLength)]
        [Description("Null or an empty string clears it.")]
        public string? TeamId
        {
            get;
            init => (field, ClearsTeamId) = (value, string.IsNullOrEmpty(value));
        }

        [JsonIgnore]
        public bool ClearsTeamId { get; private init; }
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
        if (request.SetsMaxVirtualKeys && !user.IsAdmin()) return ApiErrors.AdminKeyNeeded;
        var result = await project.Grain.Update(new UpdateProjectCommand
        {
            Caller = project.Caller,
            Name = request.Name,
            MaxVirtualKeys = request.MaxVirtualKeys,
            Language = request.Language,
            Framework = request.Framework,
            TeamId = request.TeamId,
            ClearsMaxVirtualKeys = request.SetsMaxVirtualKeys && request.MaxVirtualKeys is null,
            ClearsLanguage = request.ClearsLanguage,
            ClearsFramework = request.ClearsFramework,
            ClearsTeamId = request.ClearsTeamId,
        });
        return result.ToResult();
    }
}

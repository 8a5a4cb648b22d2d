using System.Security.Claims;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ProjectEndpointExtensions
{
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects")
            .WithTags("Projects")
            .RequireRateLimit(RateLimitPolicy.Management)
            .AddRequestChecks();

        CreateProject.Map(group);
        ListProjects.Map(group);
        GetProject.Map(group);
        UpdateProject.Map(group);
        DisableProject.Map(group);
        EnableProject.Map(group);
        ArchiveProject.Map(group);
        EraseProject.Map(group);

        // The API key with which the project was created.
        RotateProjectApiKey.Map(group);
        ExpireRetiringApiKey.Map(group);
        ExpireRetiringApiKeys.Map(group);
        UpdateRetiringApiKey.Map(group);
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

    /// <summary>
    /// Returns the project in a path; null if the text is not an id, the user must not see the project, or there is
    /// none, or it is archived.
    /// </summary>
    public static async ValueTask<Project?> ReadProjectAsync(
        this IGrainFactory grains, string id, ClaimsPrincipal user) =>
        grains.FindProject(id, user) is { } found && await found.Grain.Get() is { ArchivedAt: null } project
            ? project
            : null;

    /// <summary>Returns the response to a change that issues no API key.</summary>
    public static IResult ToResult(this ProjectResult result) =>
        result.ToError() ?? (IResult)TypedResults.Ok(ProjectResponse.From(result.Project!));

    /// <summary>
    /// Returns whether a caller may see a project, beside the members of its API key.
    /// </summary>
    public static bool MaySeeProject(this ClaimsPrincipal user) =>
        user.IsAdmin() || user.HasPermission(ApiKeyPermissions.ManageProject);

    /// <summary>
    /// Returns the response to a change of retiring secrets. It needs no permission to see the project, so a caller
    /// without that permission sees the secrets only.
    /// </summary>
    public static IResult ToSecretsResult(this ProjectResult result, ClaimsPrincipal user)
    {
        if (user.MaySeeProject()) return result.ToResult();
        return result.ToError() ?? (IResult)TypedResults.Ok(RetiringApiKeysResponse.From(result.Project!));
    }

    /// <summary>Returns the error of a change; null if it was applied or replayed.</summary>
    public static ErrorResult? ToError(this ProjectResult result) =>
        result.Outcome == ChangeOutcome.PermissionMissing
            ? ApiErrors.MissingPermissions(result.MissingPermissions ?? [])
            : result.Outcome.ToError(notFound: ApiErrors.ProjectNotFound);
}

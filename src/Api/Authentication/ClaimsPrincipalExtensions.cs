using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Reads the claims of an <see cref="ApiKeyPrincipal"/>.</summary>
internal static class ClaimsPrincipalExtensions
{
    /// <summary>
    /// Returns the caller for grain calls, on a route that only API keys may call.
    /// </summary>
    public static Caller GetCaller(this ClaimsPrincipal user) => new(
        ProjectId.Parse(user.FindFirstValue(ApiKeyPrincipal.ProjectClaim)
            ?? throw new InvalidOperationException("No project.")),
        user.GetActor(),
        user.GetOrigin());

    /// <summary>Returns where the request comes from, for its event.</summary>
    public static RequestOrigin GetOrigin(this ClaimsPrincipal user) => new(
        user.IsAdmin() ? ActorKind.Admin : ActorKind.ApiKey,
        user.FindFirstValue(ApiKeyPrincipal.ActorIdClaim),
        user.FindFirstValue(ApiKeyPrincipal.RequestIdClaim),
        user.FindFirstValue(ApiKeyPrincipal.AddressClaim));

    /// <summary>Returns the name of the user in events.</summary>
    public static string GetActor(this ClaimsPrincipal user) => user.FindFirstValue(ApiKeyPrincipal.ActorClaim) ?? "";

    public static bool IsAdmin(this ClaimsPrincipal user) =>
        user.HasClaim(claim => claim.Type == ApiKeyPrincipal.AdminClaim);

    /// <summary>Returns whether the presented API key was replaced and is inside its grace period.</summary>
    public static bool IsRetiring(this ClaimsPrincipal user) =>
        user.HasClaim(ApiKeyPrincipal.RetiringClaim, bool.TrueString);

    public static bool HasPermission(this ClaimsPrincipal user, string permission) =>
        user.HasClaim(ApiKeyPrincipal.PermissionClaim, permission);

    /// <summary>Returns the status of the project of an API key.</summary>
    public static ProjectStatus GetProjectStatus(this ClaimsPrincipal user) =>
        Enum.Parse<ProjectStatus>(user.FindFirstValue(ApiKeyPrincipal.ProjectStatusClaim)!);

    /// <summary>The administrator can change every project, an API key only its own.</summary>
    public static bool CanChange(this ClaimsPrincipal user, ProjectId project) =>
        user.IsAdmin() || user.HasClaim(ApiKeyPrincipal.ProjectClaim, project.ToString());
}

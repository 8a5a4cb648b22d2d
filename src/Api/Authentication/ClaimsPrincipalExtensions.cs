using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Reads the claims of an <see cref="ApiKeyPrincipal"/>.</summary>
internal static class ClaimsPrincipalExtensions
{
    /// <summary>
    /// Returns the caller for grain calls. Requires <see cref="ApiKeyPrincipal.ProjectPolicy"/> on the route.
    /// </summary>
    public static Caller GetCaller(this ClaimsPrincipal user) => new(
        ProjectId.Parse(user.FindFirstValue(ApiKeyPrincipal.ProjectClaim)
            ?? throw new InvalidOperationException("No project.")),
        user.GetActor(),
        user.GetOrigin());

    /// <summary>Returns where the request comes from, for its event.</summary>
    public static RequestOrigin GetOrigin(this ClaimsPrincipal user) => new(
        user.HasClaim(claim => claim.Type == ApiKeyPrincipal.AdminClaim) ? ActorKind.Admin : ActorKind.ApiKey,
        user.FindFirstValue(ApiKeyPrincipal.ActorIdClaim),
        user.FindFirstValue(ApiKeyPrincipal.RequestIdClaim),
        user.FindFirstValue(ApiKeyPrincipal.AddressClaim));

    /// <summary>Returns the name of the user in events.</summary>
    public static string GetActor(this ClaimsPrincipal user) => user.FindFirstValue(ApiKeyPrincipal.ActorClaim) ?? "";

    /// <summary>The administrator can change every project, an API key only its own.</summary>
    public static bool CanChange(this ClaimsPrincipal user, ProjectId project) =>
        user.HasClaim(claim => claim.Type == ApiKeyPrincipal.AdminClaim)
        || user.HasClaim(ApiKeyPrincipal.ProjectClaim, project.ToString());
}

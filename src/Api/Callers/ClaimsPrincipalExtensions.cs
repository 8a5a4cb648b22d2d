using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Callers;

/// <summary>Reads the <see cref="CallerClaims"/>.</summary>
internal static class ClaimsPrincipalExtensions
{
    /// <summary>
    /// Returns the caller for grain calls, on a route that only API keys may call.
    /// </summary>
    public static Caller GetCaller(this ClaimsPrincipal user) => new(
        ProjectId.Parse(user.FindFirstValue(CallerClaims.Project)
            ?? throw new InvalidOperationException("No project.")),
        user.GetActor(),
        user.GetOrigin());

    /// <summary>Returns where the request comes from, for its event.</summary>
    public static RequestOrigin GetOrigin(this ClaimsPrincipal user) => new(
        user.GetActorKind(),
        user.FindFirstValue(CallerClaims.ActorId),
        user.FindFirstValue(CallerClaims.RequestId),
        user.FindFirstValue(CallerClaims.Address))
    {
        Permissions = user.IsPerson() ? user.GetPermissions() : null,
    };

    /// <summary>Returns what kind of user made the request.</summary>
    public static ActorKind GetActorKind(this ClaimsPrincipal user) =>
        user.IsAdmin() ? ActorKind.Admin : user.IsPerson() ? ActorKind.User : ActorKind.ApiKey;

    /// <summary>Returns the name of the user in events.</summary>
    public static string GetActor(this ClaimsPrincipal user) => user.FindFirstValue(CallerClaims.Actor) ?? "";

    public static bool IsAdmin(this ClaimsPrincipal user) =>
        user.HasClaim(claim => claim.Type == CallerClaims.Admin);

    /// <summary>Returns whether the presented API key was replaced and is inside its grace period.</summary>
    public static bool IsRetiring(this ClaimsPrincipal user) =>
        user.HasClaim(CallerClaims.Retiring, bool.TrueString);

    /// <summary>Returns the permissions of an API key or of a person.</summary>
    public static IReadOnlyList<string> GetPermissions(this ClaimsPrincipal user) =>
        [.. user.FindAll(CallerClaims.Permission).Select(claim => claim.Value)];

    public static bool HasPermission(this ClaimsPrincipal user, string permission) =>
        user.HasClaim(CallerClaims.Permission, permission);

    /// <summary>Returns the status of the project of an API key or of a person.</summary>
    public static ProjectStatus GetProjectStatus(this ClaimsPrincipal user) =>
        Enum.Parse<ProjectStatus>(user.FindFirstValue(CallerClaims.ProjectStatus)!);

    /// <summary>The administrator can change every project, others only their own.</summary>
    public static bool CanChange(this ClaimsPrincipal user, ProjectId project) =>
        user.IsAdmin() || user.HasClaim(CallerClaims.Project, project.ToString());

    /// <summary>Returns whether the user is a person of a project, who has signed in to the console.</summary>
    private static bool IsPerson(this ClaimsPrincipal user) =>
        user.HasClaim(claim => claim.Type == CallerClaims.User);
}

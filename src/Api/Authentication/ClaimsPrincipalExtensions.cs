using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>The user of a request: a project, or the administrator. Defines the claims and policies.</summary>
internal static class ClaimsPrincipalExtensions
{
    public const string ProjectPolicy = "project";
    public const string AdminPolicy = "admin";
    public const string AdminOrProjectPolicy = "admin or project";

    public const string ProjectClaim = "project";
    public const string AdminClaim = "admin";

    public const string AuthenticationType = "ApiKey";

    private const string ActorClaim = "actor";

    public static ClaimsPrincipal ForProject(ProjectId project, string actor) =>
        Create(new Claim(ProjectClaim, project.ToString()), new Claim(ActorClaim, actor));

    public static ClaimsPrincipal ForAdmin() => Create(new Claim(AdminClaim, "true"), new Claim(ActorClaim, "admin"));

    /// <summary>Returns the caller for grain calls. Requires <see cref="ProjectPolicy"/> on the route.</summary>
    public static Caller GetCaller(this ClaimsPrincipal user) => new(
        ProjectId.Parse(user.FindFirstValue(ProjectClaim) ?? throw new InvalidOperationException("No project.")),
        user.GetActor());

    /// <summary>Returns the name of the user in the audit table.</summary>
    public static string GetActor(this ClaimsPrincipal user) => user.FindFirstValue(ActorClaim) ?? "";

    /// <summary>The administrator can change every project, an API key only its own.</summary>
    public static bool CanChange(this ClaimsPrincipal user, ProjectId project) =>
        user.HasClaim(claim => claim.Type == AdminClaim) || user.HasClaim(ProjectClaim, project.ToString());

    private static ClaimsPrincipal Create(params Claim[] claims) => new(new ClaimsIdentity(claims, AuthenticationType));
}

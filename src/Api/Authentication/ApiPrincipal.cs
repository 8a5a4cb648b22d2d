using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Who a request was authenticated as: a project, or the administrator of all of them.</summary>
internal static class ApiPrincipal
{
    public const string ProjectPolicy = "project";
    public const string AdminPolicy = "admin";
    public const string AdminOrProjectPolicy = "admin or project";

    public const string ProjectClaim = "project";
    public const string AdminClaim = "admin";
    private const string ActorClaim = "actor";

    public static ClaimsPrincipal Of(ProjectId project, string actor) =>
        With(new Claim(ProjectClaim, project.ToString()), new Claim(ActorClaim, actor));

    public static ClaimsPrincipal Admin() => With(new Claim(AdminClaim, "true"), new Claim(ActorClaim, "admin"));

    /// <summary>On whose behalf grains are called; only on routes that require a project.</summary>
    public static Caller Caller(this ClaimsPrincipal user) => new(
        ProjectId.Parse(user.FindFirstValue(ProjectClaim) ?? throw new InvalidOperationException("No project.")),
        user.Actor());

    /// <summary>Who asked, for the audit trail.</summary>
    public static string Actor(this ClaimsPrincipal user) => user.FindFirstValue(ActorClaim) ?? "";

    /// <summary>The administrator may change every project, an API key its own.</summary>
    public static bool MayChange(this ClaimsPrincipal user, ProjectId project) =>
        user.HasClaim(claim => claim.Type == AdminClaim) || user.HasClaim(ProjectClaim, project.ToString());

    private static ClaimsPrincipal With(params Claim[] claims) => new(new ClaimsIdentity(claims, ApiKeyHandler.SchemeName));
}

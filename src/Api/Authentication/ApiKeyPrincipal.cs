using System.Security.Claims;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Creates the user of a request: a project, or the administrator. Defines the claims and policies.</summary>
internal static class ApiKeyPrincipal
{
    public const string AuthenticationType = "ApiKey";

    public const string ProjectPolicy = "project";
    public const string AdminPolicy = "admin";
    public const string AdminOrProjectPolicy = "admin or project";

    public const string ProjectClaim = "project";
    public const string AdminClaim = "admin";
    public const string ActorClaim = "actor";

    public static ClaimsPrincipal ForProject(ProjectId project, string actor) =>
        Create(new Claim(ProjectClaim, project.ToString()), new Claim(ActorClaim, actor));

    public static ClaimsPrincipal ForAdmin() => Create(new Claim(AdminClaim, "true"), new Claim(ActorClaim, "admin"));

    private static ClaimsPrincipal Create(params Claim[] claims) => new(new ClaimsIdentity(claims, AuthenticationType));
}

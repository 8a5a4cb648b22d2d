using System.Security.Claims;
using KeysCluster.Hosting;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Creates the user of a request: a project, or an administrator. Defines the claims and policies.</summary>
internal static class ApiKeyPrincipal
{
    public const string AuthenticationType = "ApiKey";

    public const string ProjectClaim = "project";
    public const string ProjectStatusClaim = "project_status";
    public const string ApiKeyClaim = "api_key";
    public const string PermissionClaim = "permission";
    public const string RetiringClaim = "retiring";
    public const string AdminClaim = "admin";
    public const string ActorClaim = "actor";
    public const string ActorIdClaim = "actor_id";
    public const string RequestIdClaim = "request_id";
    public const string AddressClaim = "address";

    public static ClaimsPrincipal ForProject(
        ProjectId project, AuthenticatedApiKey apiKey, string actor, HttpContext context) =>
        Create(
            context,
            [
                new Claim(ProjectClaim, project.ToString()),
                new Claim(ApiKeyClaim, apiKey.Id.ToString()),
                new Claim(ProjectStatusClaim, apiKey.ProjectStatus.ToString()),
                new Claim(ActorClaim, actor),
                new Claim(ActorIdClaim, apiKey.SecretId.ToString()),
                new Claim(RetiringClaim, apiKey.IsRetiring.ToString()),
                .. apiKey.Permissions.Select(permission => new Claim(PermissionClaim, permission)),
            ]);

    /// <summary>The actor of the key <c>default</c> is <c>admin</c>, as in events from before keys had names.</summary>
    public static ClaimsPrincipal ForAdmin(string name, HttpContext context) =>
        Create(
            context,
            new Claim(AdminClaim, "true"),
            new Claim(ActorClaim, name == AdminKeyName.Default ? "admin" : $"admin:{name}"),
            new Claim(ActorIdClaim, name));

    private static ClaimsPrincipal Create(HttpContext context, params ReadOnlySpan<Claim> claims) =>
        new(new ClaimsIdentity(
            [
                .. claims,
                new Claim(RequestIdClaim, context.TraceIdentifier),
                new Claim(AddressClaim, context.Connection.RemoteIpAddress?.ToString() ?? ""),
            ],
            AuthenticationType));
}

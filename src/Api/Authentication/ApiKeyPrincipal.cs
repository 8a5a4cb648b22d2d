using System.Security.Claims;
using KeysCluster.Api.Callers;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>Creates the user of a request: an API key of a project, a person, or an administrator.</summary>
internal static class ApiKeyPrincipal
{
    public const string AuthenticationType = "ApiKey";

    public static ClaimsPrincipal ForProject(
        ProjectId project, AuthenticatedApiKey apiKey, string actor, HttpContext context) =>
        Create(
            context,
            [
                new Claim(CallerClaims.Project, project.ToString()),
                new Claim(CallerClaims.ApiKey, apiKey.Id.ToString()),
                new Claim(CallerClaims.ProjectStatus, apiKey.ProjectStatus.ToString()),
                new Claim(CallerClaims.Actor, actor),
                new Claim(CallerClaims.ActorId, apiKey.SecretId.ToString()),
                new Claim(CallerClaims.Retiring, apiKey.IsRetiring.ToString()),
                .. apiKey.Permissions.Select(permission => new Claim(CallerClaims.Permission, permission)),
            ]);

    /// <summary>The actor of the key <c>default</c> is <c>admin</c>, as in events from before keys had names.</summary>
    public static ClaimsPrincipal ForAdmin(string name, HttpContext context) =>
        Create(
            context,
            new Claim(CallerClaims.Admin, "true"),
            new Claim(CallerClaims.Actor, name == AdminKeyName.Default ? "admin" : $"admin:{name}"),
            new Claim(CallerClaims.ActorId, name));

    /// <summary>An administrator who is a person is named like an admin key.</summary>
    public static ClaimsPrincipal ForPerson(SignedInPerson person, ProjectStatus status, HttpContext context) =>
        person.ProjectId is null
            ? Create(
                context,
                new Claim(CallerClaims.Admin, "true"),
                new Claim(CallerClaims.Actor, $"admin:{person.Name}"),
                new Claim(CallerClaims.ActorId, person.Subject))
            : Create(
                context,
                [
                    new Claim(CallerClaims.User, "true"),
                    new Claim(CallerClaims.Project, person.ProjectId),
                    new Claim(CallerClaims.ProjectStatus, status.ToString()),
                    new Claim(CallerClaims.Actor, person.Name),
                    new Claim(CallerClaims.ActorId, person.Subject),
                    .. person.Permissions.Select(permission => new Claim(CallerClaims.Permission, permission)),
                ]);

    private static ClaimsPrincipal Create(HttpContext context, params ReadOnlySpan<Claim> claims) =>
        new(new ClaimsIdentity(
            [
                .. claims,
                new Claim(CallerClaims.RequestId, context.TraceIdentifier),
                new Claim(CallerClaims.Address, context.Connection.RemoteIpAddress?.ToString() ?? ""),
            ],
            AuthenticationType));
}

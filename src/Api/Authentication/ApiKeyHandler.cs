using System.Security.Claims;
using System.Text.Encodings.Web;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>Authenticates a request by a project API key or by the admin key.</summary>
internal sealed class ApiKeyHandler(
    IProjectAuthenticator projects,
    AdminKey admin,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (PresentedKey.From(Request.Headers) is not { } presented) return AuthenticateResult.NoResult();
        var principal = admin.Is(presented.Text) ? ApiPrincipal.Admin() : await Project(presented);
        return principal is null
            ? AuthenticateResult.Fail("The API key is not valid.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiErrors.Unauthorized.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiErrors.Forbidden.ExecuteAsync(Context);

    private async Task<ClaimsPrincipal?> Project(PresentedKey presented)
    {
        if (!ProjectApiKey.TryParse(presented.Text, out var apiKey)) return null;
        var project = ProjectId.OwnerOf(apiKey);
        if (presented.ProjectId is { } named && named != project.ToString()) return null;

        return await projects.AuthenticateAsync(apiKey)
            ? ApiPrincipal.Of(project, apiKey.DisplayPrefix)
            : null;
    }
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>Authenticates a request by a project API key or by an admin key.</summary>
internal sealed class ApiKeyHandler(
    IProjectAuthenticator projects,
    AdminKeys admins,
    AuthenticationMonitor monitor,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = ApiKeyPrincipal.AuthenticationType;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ApiKeyHeader.From(Request.Headers) is not { } header) return AuthenticateResult.NoResult();
        ClaimsPrincipal? principal;
        try
        {
            principal = admins.Find(header.Key) is { } admin
                ? ApiKeyPrincipal.ForAdmin(admin.Name, Context)
                : await AuthenticateProjectAsync(header);
        }
        catch (ValidationUnavailableException)
        {
            monitor.RecordUnavailable();
            throw;
        }

        if (principal is null) monitor.RecordFailure(Context, header);
        else monitor.RecordSuccess();
        return principal is null
            ? AuthenticateResult.Fail("The API key is not valid.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        monitor.RecordChallenge(Context);
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiErrors.Unauthorized.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiErrors.Forbidden.ExecuteAsync(Context);

    private async Task<ClaimsPrincipal?> AuthenticateProjectAsync(ApiKeyHeader header)
    {
        if (!ProjectApiKey.TryParse(header.Key, out var apiKey)) return null;
        var project = ProjectApiKey.GetProjectId(apiKey);
        return await projects.AuthenticateAsync(apiKey) is { } authenticated
            ? ApiKeyPrincipal.ForProject(project, authenticated, apiKey.DisplayPrefix, Context)
            : null;
    }
}

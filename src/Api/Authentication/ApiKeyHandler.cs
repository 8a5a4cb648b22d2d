using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Hosting;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>
/// Authenticates a request by a project API key or by an admin key; one of the console, which is in this process, also
/// as a person who has signed in there.
/// </summary>
internal sealed class ApiKeyHandler(
    IProjectAuthenticator projects,
    AdminKeys admins,
    FailedAuthenticationLimiter failures,
    AuthenticationMonitor monitor,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = ApiKeyPrincipal.AuthenticationType;

    private FailureLimitedResult<IPAddress>? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // The credentials of a request that needs none cost nothing.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();
        if (Context.Features.Get<SignedInPerson>() is { } person) return await AuthenticateAsync(person);
        if (ApiKeyHeader.From(Request.Headers) is not { } header) return AuthenticateResult.NoResult();
        if (admins.Find(header.Key) is { } admin) return Succeed(ApiKeyPrincipal.ForAdmin(admin.Name, Context));
        var isApiKey = ProjectApiKey.TryParse(header.Key, out var apiKey);
        if (isApiKey && projects.TryAuthenticateFromCache(apiKey, out var authenticated))
            return Succeed(CreatePrincipal(apiKey, authenticated));

        var network = Context.GetClientNetwork();
        if (!failures.TryBegin(network, out var retryAfter))
        {
            monitor.RecordLimited(Context);
            _refusal = new FailureLimitedResult<IPAddress>(failures, retryAfter);
            return AuthenticateResult.Fail("Too many authentications failed.");
        }

        try
        {
            if (isApiKey && await LookUpAsync(apiKey) is { } found) return Succeed(CreatePrincipal(apiKey, found));
            failures.Record(network);
        }
        finally
        {
            failures.End(network);
        }

        monitor.RecordFailure(Context, header);
        return AuthenticateResult.Fail("The API key is not valid.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refusal is not null) return _refusal.ExecuteAsync(Context);
        monitor.RecordChallenge(Context);
        var isPage = Context.GetEndpoint()?.Metadata.GetMetadata<BasicChallenge>() is not null;
        Response.Headers.WWWAuthenticate = isPage ? BasicChallenge.Header : "Bearer";
        return ApiErrors.Unauthorized.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiErrors.Forbidden.ExecuteAsync(Context);

    private async Task<AuthenticateResult> AuthenticateAsync(SignedInPerson person)
    {
        var status = ProjectStatus.Active;
        if (person.ProjectId is { } project)
        {
            // Most requests have an API key, whose authentication calls no grain.
            var grains = Context.RequestServices.GetRequiredService<IGrainFactory>();
            if (await grains.GetProjectGrain(ProjectId.Parse(project)).Get() is not { } found)
                return AuthenticateResult.Fail("The project does not exist.");
            status = found.Status;
        }

        return Succeed(ApiKeyPrincipal.ForPerson(person, status, Context));
    }

    private async Task<AuthenticatedApiKey?> LookUpAsync(Secret apiKey)
    {
        try
        {
            return await projects.AuthenticateAsync(apiKey);
        }
        catch (ValidationUnavailableException)
        {
            monitor.RecordUnavailable();
            throw;
        }
    }

    private ClaimsPrincipal CreatePrincipal(Secret apiKey, AuthenticatedApiKey authenticated) =>
        ApiKeyPrincipal.ForProject(ProjectApiKey.GetProjectId(apiKey), authenticated, apiKey.DisplayPrefix, Context);

    private AuthenticateResult Succeed(ClaimsPrincipal principal)
    {
        monitor.RecordSuccess();
        return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }
}

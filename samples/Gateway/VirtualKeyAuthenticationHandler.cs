using System.Security.Claims;
using System.Text.Encodings.Web;
using KeysCluster.Time;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KeysCluster.Samples.Gateway;

/// <summary>Authenticates a request by the secret of a virtual key as a bearer token (RFC 6750).</summary>
internal sealed class VirtualKeyAuthenticationHandler(
    IVirtualKeyValidator validator,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string BearerPrefix = "Bearer ";

    private AuthenticationErrorResponse _error = AuthenticationErrorResponse.MissingSecret;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A proxy and this service could choose different ones of several headers.
        if (Request.Headers.Authorization.Count > 1)
            return Fail(AuthenticationErrorResponse.MultipleHeaders, "Several Authorization headers.");
        if (ReadBearerSecret() is not { } presented) return AuthenticateResult.NoResult();

        var verdict = await validator.ValidateAsync(presented, address: Context.Connection.RemoteIpAddress);
        if (verdict.Code == VerdictCode.Unavailable)
            return Fail(AuthenticationErrorResponse.Unavailable, "Validation unavailable.");
        if (!verdict.IsValid)
        {
            return Fail(
                AuthenticationErrorResponse.InvalidSecret,
                $"{verdict.Code}, key {verdict.Key?.Id}, secret {verdict.SecretId}.");
        }

        if (verdict is { Code: VerdictCode.Retiring, ValidUntil: { } deadline }) AddAuthenticationInfo(deadline);
        return AuthenticateResult.Success(new AuthenticationTicket(CreatePrincipal(verdict), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        await _error.WriteAsync(Response);
    }

    private static ClaimsPrincipal CreatePrincipal(Verdict verdict)
    {
        var key = verdict.Key!;
        List<Claim> claims =
        [
            new(VirtualKeyClaimTypes.VirtualKeyId, key.Id.ToString()),
            new(VirtualKeyClaimTypes.ProjectId, key.ProjectId.ToString()),
            new(VirtualKeyClaimTypes.Environment, key.Environment == VirtualKeyEnvironment.Live ? "live" : "test"),
            new(VirtualKeyClaimTypes.SecretId, verdict.SecretId.ToString()!),
        ];
        if (key.PrincipalUserId is { } user) claims.Add(new(VirtualKeyClaimTypes.PrincipalUserId, user));
        if (verdict.ValidUntil is { } deadline)
            claims.Add(new(VirtualKeyClaimTypes.ValidUntil, UtcMillisecondJsonConverter.Format(deadline)));
        claims.AddRange(key.Permissions.Select(text => new Claim(VirtualKeyClaimTypes.Permission, text)));
        return new(new ClaimsIdentity(
            claims, VirtualKeyDefaults.AuthenticationScheme, VirtualKeyClaimTypes.VirtualKeyId, roleType: null));
    }

    /// <summary>Returns the bearer token; null when the request has none, or has other credentials.</summary>
    private string? ReadBearerSecret()
    {
        var authorization = Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)) return null;
        var presented = authorization[BearerPrefix.Length..].Trim();
        return presented.Length > 0 ? presented : null;
    }

    /// <summary>
    /// Adds the header for information about accepted credentials (RFC 9110, 11.6.3). The headers <c>Deprecation</c>
    /// and <c>Sunset</c> would announce the end of the resource.
    /// </summary>
    private void AddAuthenticationInfo(DateTimeOffset deadline) => Response.Headers["Authentication-Info"] =
        $"code=\"retiring\", valid_until=\"{UtcMillisecondJsonConverter.Format(deadline)}\"";

    /// <param name="error">The response to the client.</param>
    /// <param name="reason">The reason in the log, with ids but never the secret.</param>
    private AuthenticateResult Fail(AuthenticationErrorResponse error, string reason)
    {
        _error = error;
        return AuthenticateResult.Fail(reason);
    }
}

using System.Text.Encodings.Web;
using KeysCluster.Time;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KeysCluster.Samples.Gateway;

/// <summary>Authenticates a request by the secret of a virtual key, as RFC 6750 has it.</summary>
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
        // Which of several would count is for others on the way to guess differently.
        if (Request.Headers.Authorization.Count > 1) return Fail(AuthenticationErrorResponse.MultipleHeaders, "Several Authorization headers.");
        if (ReadBearerSecret() is not { } presented) return AuthenticateResult.NoResult();

        var verdict = await validator.ValidateAsync(presented);
        if (verdict.Code == VerdictCode.Unavailable) return Fail(AuthenticationErrorResponse.Unavailable, "Not known whether the secret is good.");
        if (!verdict.IsValid) return Fail(AuthenticationErrorResponse.InvalidSecret, $"{verdict.Code}, key {verdict.Key?.Id}, secret {verdict.SecretId}.");

        if (verdict is { Code: VerdictCode.Retiring, ValidUntil: { } end }) AddAuthenticationInfo(end);
        return AuthenticateResult.Success(new AuthenticationTicket(VirtualKeyClaims.CreatePrincipal(verdict), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        await _error.WriteAsync(Response);
    }

    /// <summary>Null when the request has none, or credentials of another kind.</summary>
    private string? ReadBearerSecret()
    {
        var authorization = Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)) return null;
        var presented = authorization[BearerPrefix.Length..].Trim();
        return presented.Length > 0 ? presented : null;
    }

    /// <summary>
    /// The field for what a server has to say about credentials that it accepted (RFC 9110, 11.6.3). <c>Deprecation</c> and
    /// <c>Sunset</c> are about the resource, which goes on.
    /// </summary>
    private void AddAuthenticationInfo(DateTimeOffset end) =>
        Response.Headers["Authentication-Info"] = $"code=\"retiring\", valid_until=\"{UtcMillisecondJsonConverter.Format(end)}\"";

    /// <param name="refusal">What the client is told.</param>
    /// <param name="reason">What the log is told: ids, never the secret.</param>
    private AuthenticateResult Fail(AuthenticationErrorResponse refusal, string reason)
    {
        _error = refusal;
        return AuthenticateResult.Fail(reason);
    }
}

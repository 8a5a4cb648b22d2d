using System.Security.Claims;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Authentication;

/// <summary>
/// Counts the outcomes of authentications and the requests that are refused with 403. Logs failures and refusals once
/// per client address and minute, so that an attack or a misconfigured client does not flood the log. No message
/// contains credentials.
/// </summary>
internal sealed partial class AuthenticationMonitor(
    AdminKeys admins, AuthenticationMetrics metrics, TimeProvider time, ILogger<AuthenticationMonitor> logger)
    : IRefusalMonitor
{
    private readonly AddressLogThrottle _failures = new(time);
    private readonly AddressLogThrottle _refusals = new(time);

    public void RecordSuccess() => metrics.CountAuthentication(AuthenticationOutcome.Succeeded);

    /// <summary>Is not logged for the client, which may have a valid key. The cause has its own log events.</summary>
    public void RecordUnavailable() => metrics.CountAuthentication(AuthenticationOutcome.Unavailable);

    /// <summary>Records a request whose key was read and is not valid.</summary>
    public void RecordFailure(HttpContext context, ApiKeyHeader header) => RecordFailure(context, GetOutcome(header));

    /// <summary>Records a request that is refused because too many authentications of its address failed.</summary>
    public void RecordLimited(HttpContext context) => RecordFailure(context, AuthenticationOutcome.Limited);

    /// <summary>Records a request that got a 401, unless its key was read and recorded before.</summary>
    public void RecordChallenge(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (ApiKeyHeader.From(headers) is not null) return;
        var isMissing = headers.Authorization.Count == 0;
        RecordFailure(context, isMissing ? AuthenticationOutcome.Missing : AuthenticationOutcome.Malformed);
    }

    /// <inheritdoc/>
    public void RecordRefusal(HttpContext context, RefusalReason reason, IReadOnlyList<string> missingPermissions)
    {
        metrics.CountRefusal(reason, missingPermissions);
        var address = context.GetClientAddress();
        if (!_refusals.TryEnter(address, out var suppressed)) return;
        var keyId = context.User.FindFirstValue(CallerClaims.ActorId);
        LogRefused(logger, address, AuthenticationMetrics.GetName(reason), keyId, suppressed);
    }

    private AuthenticationOutcome GetOutcome(ApiKeyHeader header)
    {
        if (admins.FindConfigured(header.Key) is not null) return AuthenticationOutcome.Expired;
        return ProjectApiKey.TryParse(header.Key, out _)
            ? AuthenticationOutcome.Invalid
            : AuthenticationOutcome.Malformed;
    }

    private void RecordFailure(HttpContext context, AuthenticationOutcome outcome)
    {
        metrics.CountAuthentication(outcome);
        var address = context.GetClientAddress();
        if (_failures.TryEnter(address, out var suppressed))
            LogFailed(logger, address, AuthenticationMetrics.GetName(outcome), suppressed);
    }
}

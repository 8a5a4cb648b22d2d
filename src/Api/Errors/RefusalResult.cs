namespace KeysCluster.Api.Errors;

/// <summary>A 403. Each one that is written is counted and logged, whether routing or an endpoint refuses.</summary>
/// <param name="reason">The reason in the metrics and the log.</param>
/// <param name="error">The code.</param>
/// <param name="message">A sentence for people.</param>
/// <param name="missingPermissions">The permissions that the caller lacks; null for any other error.</param>
internal sealed class RefusalResult(
    RefusalReason reason, string error, string message, IReadOnlyList<string>? missingPermissions = null)
    : ErrorResult(StatusCodes.Status403Forbidden, error, message, missingPermissions)
{
    public override Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<IRefusalMonitor>()
            .RecordRefusal(httpContext, reason, ToResponse().MissingPermissions ?? []);
        return base.ExecuteAsync(httpContext);
    }
}

namespace KeysCluster.Api.Errors;

/// <summary>An error: its status, its code and its message.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">The code.</param>
/// <param name="message">A sentence for people.</param>
/// <param name="missingPermissions">The permissions that the caller lacks; null for any other error.</param>
internal class ErrorResult(
    int status, string error, string message, IReadOnlyList<string>? missingPermissions = null) : IResult
{
    public int Status => status;

    public string Error => error;

    public string Message => message;

    public ErrorResponse ToResponse() => new(error, message, Code: error, missingPermissions);

    public virtual Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "1";

        // The token of the request is canceled when the request times out; the response must be written then too.
        return httpContext.Response.WriteAsJsonAsync(ToResponse(), CancellationToken.None);
    }
}

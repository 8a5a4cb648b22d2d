namespace KeysCluster.Api.Errors;

/// <summary>An error: its status, its code and its message.</summary>
internal sealed class ErrorResult(int status, string error, string message) : IResult
{
    public int Status => status;

    public string Error => error;

    public string Message => message;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "1";

        // The token of the request is canceled when the request times out; the response must be written then too.
        return httpContext.Response.WriteAsJsonAsync(
            new ErrorResponse(error, message, Code: error), CancellationToken.None);
    }
}

namespace KeysCluster.Api.Errors;

/// <summary>A failure as an answer: a status and an <see cref="ErrorBody"/>.</summary>
internal sealed class ErrorResult(int status, string error, string message) : IResult
{
    public int Status => status;

    public string Error => error;

    public string Message => message;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "1";

        // Not under the request's token: that is what ends when a request takes too long.
        return httpContext.Response.WriteAsJsonAsync(new ErrorBody(error, message), CancellationToken.None);
    }
}

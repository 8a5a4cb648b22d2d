using System.Text.Json;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.Errors;

/// <summary>An error: its status, its code and its message.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">The code.</param>
/// <param name="message">A sentence for people.</param>
/// <param name="missingPermissions">The permissions that the caller lacks; null for any other error.</param>
internal class ErrorResult(
    int status, string error, string message, IReadOnlyList<string>? missingPermissions = null) : IResult
{
    private byte[]? _body;

    public int Status => status;

    public string Error => error;

    public string Message => message;

    public ErrorResponse ToResponse() => new(error, message, Code: error, missingPermissions);

    public virtual Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "1";

        // Most errors are static, so that a flood of refusals serializes each of them once.
        var body = _body ??= JsonSerializer.SerializeToUtf8Bytes(
            ToResponse(),
            httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;

        // The token of the request is canceled when the request times out; the response must be written then too.
        return httpContext.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }
}

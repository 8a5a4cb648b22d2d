namespace KeysCluster.Samples.Gateway;

/// <summary>
/// The response to a rejected client: status and challenge of RFC 6750, and a body in the format of the API's errors.
/// </summary>
internal sealed record AuthenticationErrorResponse(int Status, string Error, string Message, string? Challenge)
{
    public static readonly AuthenticationErrorResponse MissingSecret = new(
        401, "unauthorized", "Send the secret of a virtual key as 'Authorization: Bearer vk-lw-…'.", "Bearer");

    /// <summary>The same for every reason: the holder of an invalid secret learns nothing about its key.</summary>
    public static readonly AuthenticationErrorResponse InvalidSecret = new(
        401,
        "invalid_token",
        "The secret is invalid. Use the current secret of an active virtual key.",
        "Bearer error=\"invalid_token\"");

    public static readonly AuthenticationErrorResponse MultipleHeaders = new(
        400, "invalid_request", "Send one Authorization header.", "Bearer error=\"invalid_request\"");

    public static readonly AuthenticationErrorResponse Unavailable = new(
        503,
        "validation_unavailable",
        "Validation is temporarily unavailable. This is not a verdict on the secret; retry.",
        null);

    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        var body = new { error = Error, message = Message };
        return response.WriteAsJsonAsync(body, response.HttpContext.RequestAborted);
    }
}

namespace KeysCluster.Samples.Gateway;

/// <summary>What a client is told that was not let in: the status and challenge of RFC 6750, and an error like KeysCluster's own.</summary>
internal sealed record AuthenticationErrorResponse(int Status, string Error, string Message, string? Challenge)
{
    public static readonly AuthenticationErrorResponse MissingSecret = new(401, "unauthorized",
        "Send the secret of a virtual key as 'Authorization: Bearer vk-lw-…'.", "Bearer");

    /// <summary>The same for every reason: who holds a bad secret need not learn whose it was.</summary>
    public static readonly AuthenticationErrorResponse InvalidSecret = new(401, "invalid_token",
        "This secret does not work, or no longer; use the current secret of an active virtual key.", "Bearer error=\"invalid_token\"");

    public static readonly AuthenticationErrorResponse MultipleHeaders = new(400, "invalid_request",
        "Send one Authorization header.", "Bearer error=\"invalid_request\"");

    public static readonly AuthenticationErrorResponse Unavailable = new(503, "validation_unavailable",
        "Whether the secret is good cannot be told now; this says nothing about it. Try again.", null);

    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        return response.WriteAsJsonAsync(new { error = Error, message = Message }, response.HttpContext.RequestAborted);
    }
}

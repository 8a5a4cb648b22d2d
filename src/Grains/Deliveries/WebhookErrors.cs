namespace KeysCluster.Grains.Deliveries;

/// <summary>Why an endpoint has not accepted a message. The texts are stored and part of the API.</summary>
internal static class WebhookErrors
{
    /// <summary>The status of the response is not from 200 to 299.</summary>
    public const string Status = "status";

    public const string Redirect = "redirect";

    public const string Timeout = "timeout";

    public const string HostNotFound = "host_not_found";

    /// <summary>The host has no public address.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    public const string ConnectionFailed = "connection_failed";

    public const string Tls = "tls";

    /// <summary>The response is not one of HTTP, or exceeds a limit.</summary>
    public const string InvalidResponse = "invalid_response";

    /// <summary>The pepper of the signing secret is missing on the silo.</summary>
    public const string SigningSecretUnavailable = "signing_secret_unavailable";
}

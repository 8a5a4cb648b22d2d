using Microsoft.AspNetCore.Authorization;

namespace KeysCluster.Api.Authorization;

/// <summary>
/// Endpoint metadata and requirement: who may call the endpoint. An endpoint without it, and without
/// <see cref="AllowAnonymousAttribute"/>, is refused to everybody.
/// </summary>
internal sealed record EndpointAccess : IAuthorizationRequirement
{
    /// <summary>The permission that an API key of a project needs; null for none.</summary>
    public string? Permission { get; init; }

    /// <summary>Whether API keys of projects may call the endpoint.</summary>
    public bool IsForApiKeys { get; init; }

    /// <summary>
    /// Whether a retiring API key may call the endpoint, which then only reads, verifies, or expires that key.
    /// </summary>
    public bool IsForRetiring { get; init; }

    /// <summary>
    /// Whether a retiring API key may call the endpoint with an <c>Idempotency-Key</c>, which then only repeats a
    /// request that replaced it. The grain decides whether the request does.
    /// </summary>
    public bool IsForRetiringReplays { get; init; }

    /// <summary>Whether the administrator may call the endpoint.</summary>
    public bool IsForAdmin { get; init; }
}

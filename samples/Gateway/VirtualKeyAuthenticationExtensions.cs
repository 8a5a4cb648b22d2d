using Microsoft.AspNetCore.Authentication;

namespace KeysCluster.Samples.Gateway;

/// <summary>Authentication by virtual keys.</summary>
public static class VirtualKeyAuthenticationExtensions
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "VirtualKey";

    /// <summary>
    /// Authenticates requests by <c>Authorization: Bearer vk-lw-…</c>. Needs an
    /// <see cref="KeysCluster.Validation.IVirtualKeyValidator"/>.
    /// </summary>
    public static AuthenticationBuilder AddVirtualKey(this AuthenticationBuilder builder) =>
        builder.AddScheme<AuthenticationSchemeOptions, VirtualKeyAuthenticationHandler>(SchemeName, null);
}

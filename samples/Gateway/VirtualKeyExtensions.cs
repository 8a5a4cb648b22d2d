using Microsoft.AspNetCore.Authentication;

namespace KeysCluster.Samples.Gateway;

/// <summary>Registers authentication by virtual keys.</summary>
public static class VirtualKeyExtensions
{
    /// <summary>
    /// Authenticates requests by <c>Authorization: Bearer vk-lw-…</c>. Requires a registered
    /// <see cref="KeysCluster.Validation.IVirtualKeyValidator"/>.
    /// </summary>
    public static AuthenticationBuilder AddVirtualKey(this AuthenticationBuilder builder) =>
        builder.AddScheme<AuthenticationSchemeOptions, VirtualKeyAuthenticationHandler>(
            VirtualKeyDefaults.AuthenticationScheme, configureOptions: null);
}

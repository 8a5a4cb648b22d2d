using KeysCluster.VirtualKeys;
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

    /// <summary>Refuses requests with status 403 whose virtual key lacks a permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(context =>
            PermissionRules.IsGranted(
                [.. context.User.FindAll(VirtualKeyClaimTypes.Permission).Select(claim => claim.Value)], permission)));
}

using Microsoft.AspNetCore.Authorization;

namespace KeysCluster.Api.Authorization;

internal static class EndpointAccessExtensions
{
    /// <summary>Adds the authorization of endpoints, which refuses those that declare no access.</summary>
    public static void AddEndpointAccess(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, EndpointAccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, EndpointAccessResultHandler>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoEndpoint).Build());
    }

    /// <summary>Permits the endpoint to API keys that have a permission and are not retiring.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="permission">The permission.</param>
    /// <param name="orAdmin">Whether the administrator may call it as well.</param>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission, bool orAdmin = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccess(new EndpointAccess
        {
            IsForApiKeys = true,
            Permission = permission,
            IsForAdmin = orAdmin,
        });

    /// <summary>
    /// Permits the endpoint, which rotates API keys, to the administrator and to API keys that have a permission. A
    /// retiring one may only repeat the request that replaced it.
    /// </summary>
    public static TBuilder RequirePermissionToRotate<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccess(new EndpointAccess
        {
            IsForApiKeys = true,
            Permission = permission,
            IsForRetiringReplays = true,
            IsForAdmin = true,
        });

    /// <summary>Permits the endpoint to API keys that have a permission, also while they are retiring.</summary>
    /// <param name="builder">The endpoint, which only reads or verifies.</param>
    /// <param name="permission">The permission.</param>
    /// <param name="orAdmin">Whether the administrator may call it as well.</param>
    public static TBuilder RequirePermissionToRead<TBuilder>(
        this TBuilder builder, string permission, bool orAdmin = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccess(new EndpointAccess
        {
            IsForApiKeys = true,
            Permission = permission,
            IsForRetiring = true,
            IsForAdmin = orAdmin,
        });

    /// <summary>
    /// Lets the administrator and every API key call the endpoint, also while it is retiring. The endpoint concerns the
    /// caller itself, or checks permissions of its own.
    /// </summary>
    public static TBuilder RequireAnyCaller<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccess(new EndpointAccess { IsForApiKeys = true, IsForRetiring = true, IsForAdmin = true });

    /// <summary>Lets only the administrator call the endpoint.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccess(new EndpointAccess { IsForAdmin = true });

    private static TBuilder RequireAccess<TBuilder>(this TBuilder builder, EndpointAccess access)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(access).RequireAuthorization(policy => policy.AddRequirements(access));

    /// <summary>
    /// Returns whether a request reached no endpoint of this service: routing then answers 404 or 405 without any
    /// metadata.
    /// </summary>
    private static bool IsNoEndpoint(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}

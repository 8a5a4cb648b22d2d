using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KeysCluster.Api.Authorization;

/// <summary>Answers a forbidden request with the reason, such as the permission that the caller lacks.</summary>
internal sealed class EndpointAccessResultHandler : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden) return _default.HandleAsync(next, context, policy, authorizeResult);
        var access = context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>();
        var refusal = EndpointAccessHandler.FindRefusal(context, access) ?? ApiErrors.Forbidden;
        return refusal.ExecuteAsync(context);
    }
}

using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KeysCluster.Api.Authorization;

/// <summary>Answers a forbidden request with the reason, such as the permission that the caller lacks.</summary>
internal sealed class EndpointAccessResultHandler(AuthenticationMonitor monitor) : IAuthorizationMiddlewareResultHandler
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
        var refusal = EndpointAccessHandler.FindRefusal(context.User, access) ?? ApiErrors.Forbidden;
        monitor.RecordRefusal(context, GetReason(refusal));
        return refusal.ExecuteAsync(context);
    }

    private static RefusalReason GetReason(ErrorResult refusal)
    {
        if (ReferenceEquals(refusal, ApiErrors.AdminKeyNeeded)) return RefusalReason.AdminKeyRequired;
        if (ReferenceEquals(refusal, ApiErrors.ApiKeyNeeded)) return RefusalReason.ProjectKeyRequired;
        if (ReferenceEquals(refusal, ApiErrors.ApiKeyRetiring)) return RefusalReason.KeyRetiring;
        if (ReferenceEquals(refusal, ApiErrors.ProjectDisabled)) return RefusalReason.ProjectDisabled;
        return ReferenceEquals(refusal, ApiErrors.Forbidden) ? RefusalReason.Other : RefusalReason.PermissionMissing;
    }
}

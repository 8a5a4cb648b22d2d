using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Authorization;

namespace KeysCluster.Api.Authorization;

/// <summary>Decides whether a user may call an endpoint.</summary>
internal sealed class EndpointAccessHandler : AuthorizationHandler<EndpointAccess>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, EndpointAccess requirement)
    {
        if (context.Resource is HttpContext http && FindRefusal(http, requirement) is null)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>Returns why the user of a request may not call an endpoint; null if it may.</summary>
    public static RefusalResult? FindRefusal(HttpContext context, EndpointAccess? access)
    {
        var user = context.User;
        if (user.Identity?.IsAuthenticated != true || access is null) return ApiErrors.Forbidden;
        if (user.IsAdmin()) return access.IsForAdmin ? null : ApiErrors.ApiKeyNeeded;
        if (!access.IsForApiKeys) return ApiErrors.AdminKeyNeeded;
        if (user.GetProjectStatus() != ProjectStatus.Active) return ApiErrors.ProjectDisabled;
        if (access.Permission is { } permission && !user.HasPermission(permission))
            return ApiErrors.MissingPermissions([permission]);
        if (!user.IsRetiring() || access.IsForRetiring) return null;
        var isReplay = access.IsForRetiringReplays && context.Request.Headers.ContainsKey(IdempotencyHeader.Name);
        return isReplay ? null : ApiErrors.ApiKeyRetiring;
    }
}

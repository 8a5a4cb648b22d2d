using System.Security.Claims;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Authorization;

namespace KeysCluster.Api.Authorization;

/// <summary>Decides whether a user may call an endpoint.</summary>
internal sealed class EndpointAccessHandler : AuthorizationHandler<EndpointAccess>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, EndpointAccess requirement)
    {
        if (FindRefusal(context.User, requirement) is null) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>Returns why a user may not call an endpoint; null if it may.</summary>
    public static RefusalResult? FindRefusal(ClaimsPrincipal user, EndpointAccess? access)
    {
        if (user.Identity?.IsAuthenticated != true || access is null) return ApiErrors.Forbidden;
        if (user.IsAdmin()) return access.IsForAdmin ? null : ApiErrors.ApiKeyNeeded;
        if (!access.IsForApiKeys) return ApiErrors.AdminKeyNeeded;
        if (user.GetProjectStatus() != ProjectStatus.Active) return ApiErrors.ProjectDisabled;
        if (access.Permission is { } permission && !user.HasPermission(permission))
            return ApiErrors.MissingPermissions([permission]);
        return user.IsRetiring() && !access.IsForRetiring ? ApiErrors.ApiKeyRetiring : null;
    }
}

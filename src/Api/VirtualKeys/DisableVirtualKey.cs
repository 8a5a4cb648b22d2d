using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class DisableVirtualKey
{
    internal sealed record Request : IOptionalBody
    {
        [Text(0, VirtualKeyLimits.MaxReasonLength, IsMultiline = true)]
        [Description("Shown with the key.")]
        public string? Reason { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/disable", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysByIdDisable")
        .RequirePermission(ApiKeyPermissions.UpdateVirtualKeys)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Disable a virtual key")
        .WithDescription(
            "Refuses every secret of the key until it is enabled again. Grace periods continue to run. Disabling a "
            + "disabled key changes nothing and keeps the first reason.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Disable(user.GetCaller(), body.Value.Reason)).ToResult();
    }
}

using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>
/// Answers what LangWatch answers without a source of costs. This service sees no model calls, so it has none.
/// </summary>
internal static class GetSpend
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}/spend", HandleAsync)
        .WithName("getApiGatewayV1Virtual-keysByIdSpend")
        .RequirePermissionToRead(ApiKeyPermissions.ViewVirtualKeys)
        .WithSummary("Get the spend of a virtual key")
        .WithDescription("Always 412 for an existing key: this service does not see the calls of models.")
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.SpendSourceUnavailable);

    private static async Task<IResult> HandleAsync(
        string id,
        ClaimsPrincipal user,
        IGrainFactory grains,
        [FromQuery(Name = "from"), Description("Accepted and not used.")] string? from = null,
        [FromQuery(Name = "to"), Description("Accepted and not used.")] string? to = null)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        var key = await grain.Get(user.GetCaller());
        return key is null ? ApiErrors.VirtualKeyNotFound : ApiErrors.SpendSourceUnavailable;
    }
}

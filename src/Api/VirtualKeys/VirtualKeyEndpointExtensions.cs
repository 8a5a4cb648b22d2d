using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class VirtualKeyEndpointExtensions
{
    public static void MapVirtualKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gateway/v1/virtual-keys")
            .WithTags("Virtual Keys")
            .AddRequestChecks();

        var management = group.MapGroup("").RequireRateLimit(RateLimitPolicy.Management);
        CreateVirtualKey.Map(management);
        ListVirtualKeys.Map(management);
        GetVirtualKey.Map(management);
        GetSpend.Map(management);
        UpdateVirtualKey.Map(management);
        RotateVirtualKey.Map(management);
        RevokeVirtualKey.Map(management);
        DisableVirtualKey.Map(management);
        EnableVirtualKey.Map(management);
        ExpireRetiringSecret.Map(management);
        ExpireRetiringSecrets.Map(management);
        UpdateRetiringSecret.Map(management);
        VerifySecret.Map(group);
    }

    /// <summary>Returns the grain of the id in a path; null if the text is not an id.</summary>
    public static IVirtualKeyGrain? FindVirtualKey(this IGrainFactory grains, string id) =>
        VirtualKeyId.TryParse(id, out var key) ? grains.GetVirtualKeyGrain(key) : null;

    /// <summary>Returns the response to a change that issues no secret.</summary>
    public static IResult ToResult(this VirtualKeyResult result) =>
        result.ToError() ?? (IResult)TypedResults.Ok(VirtualKeyResponse.From(result.Key!));

    /// <summary>Returns the error of a change; null if it was applied or replayed.</summary>
    public static ErrorResult? ToError(this VirtualKeyResult result) =>
        result.Outcome.ToError(notFound: ApiErrors.VirtualKeyNotFound);
}

using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Hosting;
using KeysCluster.Api.Requests;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class VirtualKeyEndpoints
{
    public static void MapVirtualKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gateway/v1/virtual-keys")
            .WithTags("Virtual Keys")
            .RequireAuthorization(ApiPrincipal.ProjectPolicy)
            .AddEndpointFilter<RefuseBadRequests>()
            .ProducesErrors(ApiErrors.OfEveryCall);

        var management = group.MapGroup("").RequireRateLimiting(RateLimits.Management);
        CreateVirtualKey.Map(management);
        ListVirtualKeys.Map(management);
        GetVirtualKey.Map(management);
        UpdateVirtualKey.Map(management);
        RotateVirtualKey.Map(management);
        RevokeVirtualKey.Map(management);
        DisableVirtualKey.Map(management);
        EnableVirtualKey.Map(management);
        CutRetiringSecret.Map(management);
        CutRetiringSecrets.Map(management);
        MoveRetiringSecretDeadline.Map(management);
        VerifySecret.Map(group);
    }

    /// <summary>The grain of a key, by an id from a path; null when the text is no id.</summary>
    public static IVirtualKeyGrain? FindVirtualKey(this IGrainFactory grains, string id) =>
        VirtualKeyId.TryParse(id, out var key) ? grains.GetVirtualKey(key) : null;

    /// <summary>The answer to a change that shows no secret.</summary>
    public static IResult Answer(this VirtualKeyResult result) =>
        result.Error() ?? (IResult)TypedResults.Ok(VirtualKeyAnswer.Of(result.Key!));

    /// <summary>The failure that stands for how a change ended; null when it was carried out.</summary>
    public static ErrorResult? Error(this VirtualKeyResult result) => result.Outcome.Error(ApiErrors.VirtualKeyNotFound);
}

using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.VerificationCounts;

namespace KeysCluster.Api.VerificationCounts;

internal static class GetVerifications
{
    internal sealed record Response(
        [property: Description(
            "Since when verifications are counted: about 24 hours ago, or later, because a restart begins again.")]
        DateTimeOffset Since,
        [property: Description("The length of each period, in seconds.")] int BucketSeconds,
        [property: Description("The periods with verifications, oldest first.")]
        IReadOnlyList<VerificationBucketResource> Data);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("verifications", HandleAsync)
        .WithName("getApiGatewayV1Virtual-keysVerifications")
        .RequirePermissionToRead(ApiKeyPermissions.ViewVirtualKeys)
        .WithSummary("Count verifications")
        .WithDescription(
            "Returns how often `verify` gave which verdict to API keys of the project in the last 24 hours, up to "
            + "about 10 seconds ago. The counts are in memory: they are for overviews, not for billing. Services that "
            + "validate secrets themselves are not counted.")
        .Produces<Response>();

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, IGrainFactory grains)
    {
        VerificationHistory history;
        try
        {
            history = await grains.GetGrain<IVerificationCountGrain>(user.GetCaller().Project.ToString()).Read();
        }
        catch (Exception exception) when (exception is ArgumentException or TypeLoadException)
        {
            // During an upgrade: silos of the previous build do not know the grain.
            return ApiErrors.ServiceUnavailable;
        }

        return TypedResults.Ok(new Response(
            history.Since,
            (int)VerificationLimits.BucketSize.TotalSeconds,
            [.. history.Buckets.Select(VerificationBucketResource.From)]));
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Api.VerificationCounts;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class VerifySecret
{
    internal sealed record Request
    {
        [Required(AllowEmptyStrings = true, ErrorMessage = "is required.")]
        [Description("The secret that a client presented.")]
        public string Secret { get; init; } = null!;

        [Permissions]
        [Description("The permissions that the use requires, at most 64. The key must have each of them.")]
        public IReadOnlyList<string> Permissions { get; init; } = [];

        [Address]
        [Description("The address of the client. A key with allowed_ips is refused without it.")]
        public string? IpAddress { get; init; }
    }

    internal sealed record Response(
        [property: Description("Whether the secret is valid now.")] bool Valid,
        VerdictCode Code,
        [property: Description("The id of the key that the secret belongs to; null if no secret matched.")]
        string? VirtualKeyId,
        [property: Description("The external_id of the key.")] string? ExternalId,
        [property: Description("The principal_user_id of the key.")] string? PrincipalUserId,
        [property: Description("The key; null if no secret matched, or the caller lacks virtualKeys:view.")]
        VirtualKeyResource? VirtualKey,
        [property: Description("The id of the secret that matched; null if none did.")] string? SecretId,
        [property: Description("The deadline of a replaced secret; null for any other.")] DateTimeOffset? ValidUntil,
        [property: Description("The required permissions that the key lacks.")]
        IReadOnlyList<string> MissingPermissions);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("verify", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysVerify")
        .RequirePermissionToRead(ApiKeyPermissions.VerifyVirtualKeys)
        .RequireRateLimit(RateLimitPolicy.Verification)
        .WithSummary("Verify a secret")
        .WithDescription(
            "Returns a verdict on a presented secret. A readable request gets status 200, whatever the verdict. The "
            + "code of a key of another project is `not_found`. A successful validation counts as a use of the key.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.InvalidMember);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        ClaimsPrincipal user,
        IVirtualKeyValidator validator,
        InvalidVerificationLimiter failures,
        VerificationMetrics metrics,
        VerificationCounter counter)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var request = body.Value;
        var project = user.GetCaller().Project;
        var address = request.IpAddress is { } text ? IPAddress.Parse(text) : null;
        if (!validator.TryValidateFromCache(
            request.Secret, out var verdict, project, request.Permissions, address))
        {
            // A flood of unknown secrets reads storage no more often than the limit.
            var caller = user.FindFirstValue(CallerClaims.ActorId)!;
            if (failures.IsExhausted(caller, out var retryAfter))
                return new FailureLimitedResult<string>(failures, retryAfter);
            verdict = await validator.ValidateAsync(request.Secret, project, request.Permissions, address);

            // The caller is not to blame for storage that does not answer.
            if (verdict.Code == VerdictCode.Unavailable)
            {
                metrics.Record(verdict.Code, startedAt);
                counter.Record(project, verdict.Code);
                return ApiErrors.ValidationUnavailable;
            }

            if (!verdict.IsValid) failures.Record(caller);
        }

        metrics.Record(verdict.Code, startedAt);
        counter.Record(project, verdict.Code);
        return TypedResults.Ok(new Response(
            verdict.IsValid,
            verdict.Code,
            verdict.Key?.Id.ToString(),
            verdict.Key?.ExternalId,
            verdict.Key?.PrincipalUserId,
            verdict.Key is { } key && user.HasPermission(ApiKeyPermissions.ViewVirtualKeys)
                ? VirtualKeyResource.From(key)
                : null,
            verdict.SecretId?.ToString(),
            verdict.ValidUntil,
            verdict.MissingPermissions));
    }
}

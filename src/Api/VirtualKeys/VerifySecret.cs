using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class VerifySecret
{
    internal sealed record Request
    {
        [Required(AllowEmptyStrings = true, ErrorMessage = "is required.")]
        [Description("What a client presented.")]
        public string Secret { get; init; } = null!;
    }

    internal sealed record Answer(
        [property: Description("Whether the secret works now.")] bool Valid,
        VerdictCode Code,
        [property: Description("The key that the secret belongs to; null when there is none.")] VirtualKeyBody? VirtualKey,
        [property: Description("Names the secret that matched; null when none did.")] string? SecretId,
        [property: Description("When a replaced secret ends or ended; null for any other.")] DateTimeOffset? ValidUntil);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("verify", Handle)
        .WithName("postApiGatewayV1Virtual-keysVerify")
        .WithSummary("Verify a secret")
        .WithDescription(
            "Tells whether a presented secret is good. A readable request is always answered with 200, whatever the "
            + "verdict. A key of another project is `not_found`. A good verdict counts as a use of the key.")
        .Produces<Answer>()
        .ProducesErrors(ApiErrors.OfBodies);

    private static async Task<IResult> Handle(
        Body<Request> body, ClaimsPrincipal user, IVirtualKeyValidator validator)
    {
        var verdict = await validator.ValidateAsync(body.Value.Secret, user.Caller().Project);
        if (verdict.Code == VerdictCode.Unavailable) return ApiErrors.ValidationUnavailable;
        return TypedResults.Ok(new Answer(
            verdict.IsValid,
            verdict.Code,
            verdict.Key is null ? null : VirtualKeyBody.Of(verdict.Key),
            verdict.SecretId?.ToString(),
            verdict.ValidUntil));
    }
}

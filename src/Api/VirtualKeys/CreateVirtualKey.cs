using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class CreateVirtualKey
{
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, 128)]
        [Description("1 to 128 characters; names need not be unique.")]
        public string Name { get; init; } = null!;

        [Text(0, 4000, IsMultiline = true)]
        public string? Description { get; init; }

        [Description("Cannot change later.")]
        public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

        [Text(1, 255)]
        public string? PrincipalUserId { get; init; }

        [MaxLength(100, ErrorMessage = "must have at most 100 entries."), Text(1, 255)]
        [Description("An ordered list, at most 100 entries; may be empty.")]
        public IReadOnlyList<string> ProviderCredentialIds { get; init; } = [];

        [Description("From this time on the key is invalid; null if it does not expire.")]
        public DateTimeOffset? ExpiresAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keys")
        .WithSummary("Create a virtual key")
        .WithDescription("Creates a virtual key and its first secret. Only this response shows the secret.")
        .Produces<VirtualKeyWithSecretResponse>(201)
        .ProducesErrors(ApiErrors.ForBody)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static Task<IResult> HandleAsync(
        JsonBody<Request> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        var request = body.Value;
        var caller = user.GetCaller();
        var scope = caller.Project.ToString();
        return issuer.CreateAsync(scope, VirtualKeyId.New, VirtualKeyId.FromBits, async (id, replayOnly) =>
        {
            var minted = VirtualKeySecret.Mint(id, request.Environment);
            var result = await grains.GetVirtualKeyGrain(id).Create(new CreateVirtualKeyCommand
            {
                Caller = caller,
                Name = request.Name,
                Description = request.Description,
                Environment = request.Environment,
                PrincipalUserId = request.PrincipalUserId,
                ProviderCredentialIds = request.ProviderCredentialIds,
                ExpiresAt = request.ExpiresAt,
                Secret = NewSecret.From(minted, issuer.Now),
                Idempotency = issuer.ToIdempotentRequest("create", request, minted),
                ReplayOnly = replayOnly,
            });
            if (result.Outcome == ChangeOutcome.AlreadyExists) return null;
            if (replayOnly && result.Outcome == ChangeOutcome.NotFound) return null;
            if (result.ToError() is { } error) return error;

            var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted);
            return TypedResults.Created(
                $"/api/gateway/v1/virtual-keys/{id}",
                new VirtualKeyWithSecretResponse(VirtualKeyResource.From(result.Key!), secret));
        });
    }
}

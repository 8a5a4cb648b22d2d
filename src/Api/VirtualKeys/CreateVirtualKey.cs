using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Requests;
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

        [Description("Fixed from now on.")]
        public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

        [Text(1, 255)]
        public string? PrincipalUserId { get; init; }

        [MaxLength(100, ErrorMessage = "takes at most 100 entries."), Text(1, 255)]
        [Description("An ordered list, at most 100 entries; may be empty.")]
        public IReadOnlyList<string> ProviderCredentialIds { get; init; } = [];

        [Description("From this instant on the key does not work; null for never.")]
        public DateTimeOffset? ExpiresAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", Handle)
        .WithName("postApiGatewayV1Virtual-keys")
        .WithSummary("Create a virtual key")
        .WithDescription("Creates a virtual key and its first secret. The secret is in this answer and never shown again.")
        .Produces<VirtualKeyWithSecretAnswer>(201)
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.OfIdempotency);

    private static async Task<IResult> Handle(
        Body<Request> body,
        Idempotent idempotent,
        ClaimsPrincipal user,
        IGrainFactory grains,
        TimeProvider time,
        HttpResponse response)
    {
        var caller = user.Caller();
        var now = time.GetUtcNow();
        for (var attempt = 0; ; attempt++)
        {
            var id = idempotent.Key is { } key
                ? VirtualKeyId.Of(key.IdBits(caller.Project.ToString(), attempt))
                : VirtualKeyId.New(now);
            var secret = VirtualKeySecret.Mint(id, body.Value.Environment);
            var command = Command(body.Value, caller, NewSecret.Of(secret, now)) with
            {
                Idempotency = idempotent.Mark(secret, "create", body.Value),
            };
            var result = await grains.GetVirtualKey(id).Create(command);

            // What this idempotency key once made is there, and its receipt is not: it means a new request by now.
            if (result.Outcome == ChangeOutcome.AlreadyExists && idempotent.Key is not null) continue;
            if (result.Error() is { } error) return error;
            var shown = idempotent.SecretOf(result.Outcome, result.SealedSecret, secret, response);
            return TypedResults.Created(
                $"/api/gateway/v1/virtual-keys/{id}", new VirtualKeyWithSecretAnswer(VirtualKeyBody.Of(result.Key!), shown));
        }
    }

    private static KeysCluster.VirtualKeys.CreateVirtualKey Command(Request request, Caller caller, NewSecret secret) => new()
    {
        Caller = caller,
        Name = request.Name,
        Description = request.Description,
        Environment = request.Environment,
        PrincipalUserId = request.PrincipalUserId,
        ProviderCredentialIds = request.ProviderCredentialIds,
        ExpiresAt = request.ExpiresAt,
        Secret = secret,
    };
}

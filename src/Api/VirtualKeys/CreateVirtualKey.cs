using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
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
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", Handle)
        .WithName("postApiGatewayV1Virtual-keys")
        .WithSummary("Create a virtual key")
        .WithDescription("Creates a virtual key and its first secret. The secret is in this answer and never shown again.")
        .Produces<VirtualKeyWithSecretAnswer>(201)
        .ProducesErrors(400, 413, 415);

    private static async Task<IResult> Handle(
        Body<Request> body, ClaimsPrincipal user, IGrainFactory grains, TimeProvider time)
    {
        var request = body.Value;
        var id = VirtualKeyId.New(time.GetUtcNow());
        var secret = VirtualKeySecret.Mint(id, request.Environment);
        var result = await grains.GetGrain<IVirtualKeyGrain>(id.ToString()).Create(new KeysCluster.VirtualKeys.CreateVirtualKey
        {
            Caller = user.Caller(),
            Name = request.Name,
            Description = request.Description,
            Environment = request.Environment,
            PrincipalUserId = request.PrincipalUserId,
            ProviderCredentialIds = request.ProviderCredentialIds,
            Secret = NewSecret.Of(secret),
        });
        if (result.Error() is { } error) return error;
        return TypedResults.Created(
            $"/api/gateway/v1/virtual-keys/{id}",
            new VirtualKeyWithSecretAnswer(VirtualKeyBody.Of(result.Key!), secret.Reveal()));
    }
}

using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class CreateVirtualKey
{
    [UnsupportedScopes]
    [UnsupportedMember("purpose", NeutralText = "user")]
    [UnsupportedMember("organization_id", AcceptsOwnProject = true)]
    [UnsupportedMember("trace_project_id")]
    [UnsupportedMember("routing_policy_id")]
    [UnsupportedMember("routing_mode", NeutralText = "none")]
    [UnsupportedMember("budget")]
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, VirtualKeyLimits.MaxNameLength)]
        [Description("1 to 128 characters; names need not be unique.")]
        public string Name { get; init; } = null!;

        [Text(0, VirtualKeyLimits.MaxDescriptionLength, IsMultiline = true)]
        public string? Description { get; init; }

        [Description("Cannot change later.")]
        public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

        [Text(1, VirtualKeyLimits.MaxPrincipalUserIdLength)]
        public string? PrincipalUserId { get; init; }

        [MaxLength(VirtualKeyLimits.MaxProviderCredentials, ErrorMessage = "must have at most 100 entries.")]
        [Text(1, VirtualKeyLimits.MaxProviderCredentialIdLength)]
        [Description("An ordered list, at most 100 entries; may be empty.")]
        public IReadOnlyList<string> ProviderCredentialIds { get; init; } = [];

        [Description("From this time on the key is invalid; null if it does not expire.")]
        [JsonConverter(typeof(TimestampConverter))]
        public DateTimeOffset? ExpiresAt { get; init; }

        [AddedMember]
        [Permissions]
        [Description(
            "What the key may do, such as chat:write or models:*; at most 64 strings of 1 to 128 printable characters "
            + "without spaces. A trailing asterisk matches any end.")]
        public IReadOnlyList<string> Permissions { get; init; } = [];

        [AddedMember]
        [Text(1, VirtualKeyLimits.MaxExternalIdLength)]
        [Description("The id of the key in another system, unique in the project until the key is revoked.")]
        public string? ExternalId
        {
            get;
            init => field = value?.Trim();
        }

        [AddedMember]
        [Metadata]
        [Description("At most 40 strings of up to 500 characters, by keys of 1 to 64 characters.")]
        public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

        [AddedMember]
        [Config]
        [Description(
            "A JSON object for gateways to enforce; this service does not interpret it. At most 16384 bytes, and 32 "
            + "levels deep; numbers have at most 100 characters and an exponent from -308 to 308.")]
        public JsonElement? Config
        {
            get;

            // The value that a key without a configuration shows.
            init => field = value is { ValueKind: JsonValueKind.Object } config && config.GetPropertyCount() == 0
                ? null
                : value;
        }

        [AddedMember]
        [AllowedIps]
        [Description("At most 32 addresses and CIDR ranges from which the key may be used; empty for any.")]
        public IReadOnlyList<string> AllowedIps { get; init; } = [];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keys")
        .RequirePermission(ApiKeyPermissions.CreateVirtualKeys)
        .WithSummary("Create a virtual key")
        .WithDescription("Creates a virtual key and its first secret. Only this response shows the secret.")
        .Produces<VirtualKeyWithSecretResponse>(201)
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ExternalIdTaken, ApiErrors.TooManyVirtualKeys)
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
                Permissions = request.Permissions,
                ExternalId = request.ExternalId,
                Metadata = request.Metadata,
                Config = request.Config?.GetRawText(),
                AllowedIps = AllowedIpRange.ParseAll(request.AllowedIps),
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

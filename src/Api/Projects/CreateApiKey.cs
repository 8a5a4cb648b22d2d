using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class CreateApiKey
{
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, ApiKeyLimits.MaxNameLength)]
        [Description("1 to 128 characters; names need not be unique.")]
        public string Name { get; init; } = null!;

        [Required(ErrorMessage = "is required."), ApiKeyPermissions]
        [Description("What the API key may do. An API key grants only permissions that it has.")]
        public IReadOnlyList<string> Permissions { get; init; } = null!;

        [Description("From this time on the API key is invalid; null if it does not expire.")]
        [JsonConverter(typeof(TimestampConverter))]
        public DateTimeOffset? ExpiresAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync)
        .WithName("postApiProjectsByIdApi-keys")
        .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .WithSummary("Create an API key")
        .WithDescription(
            "Creates an API key and its first secret. Only this response shows the secret. An API key creates only "
            + "what has no more permissions, and expires no later, than itself. A project has at most 100 API keys.")
        .Produces<ApiKeyWithSecretResponse>(201)
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.TooManyApiKeys)
        .ProducesErrors(ApiErrors.ForGrant)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var minted = ProjectApiKey.Mint(project.Caller.Project);
        var result = await project.Grain.CreateApiKey(new CreateApiKeyCommand
        {
            Caller = project.Caller,
            Id = ApiKeyId.New(issuer.Now),
            Name = body.Value.Name,
            Permissions = [.. body.Value.Permissions.Distinct()],
            ExpiresAt = body.Value.ExpiresAt,
            Secret = NewSecret.From(minted, issuer.Now),
            Idempotency = issuer.ToIdempotentRequest("create api key", body.Value, minted),
        });
        if (result.ToError() is { } error) return error;

        // The API key of a replay may have been deleted meanwhile.
        if (result.ApiKey is not { } key) return ApiErrors.ApiKeyNotFound;
        var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted);
        return TypedResults.Created(
            $"/api/projects/{id}/api-keys/{key.Id}", new ApiKeyWithSecretResponse(ApiKeyResource.From(key), secret));
    }
}

using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class UpdateApiKey
{
    internal sealed class Request
    {
        [Text(1, ApiKeyLimits.MaxNameLength)]
        [Description("1 to 128 characters.")]
        public string Name { get; init; } = null!;

        [ApiKeyPermissions]
        [Description(
            "Replaces the previous list. A removed permission is refused everywhere when the response arrives.")]
        public IReadOnlyList<string> Permissions { get; init; } = null!;

        [Description(
            "From this time on the API key is invalid; null clears it. Retiring secrets expire then at the latest.")]
        [JsonConverter(typeof(TimestampConverter))]
        public DateTimeOffset? ExpiresAt
        {
            get;
            init => (field, SetsExpiresAt) = (value, true);
        }

        [JsonIgnore]
        public bool SetsExpiresAt { get; private init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{key_id}", HandleAsync)
        .WithName("patchApiProjectsByIdApi-keysByKeyId")
        .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .WithSummary("Update an API key")
        .WithDescription(
            "Changes the members in the request; the others keep their values. An API key adds only permissions that "
            + "it has, and extends no expiry beyond its own.")
        .Produces<ApiKeyResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ApiKeyNotFound)
        .ProducesErrors(ApiErrors.ForGrant);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "key_id")] string keyId,
        JsonBody<Request> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        var result = await project.UpdateApiKey(new UpdateApiKeyCommand
        {
            Caller = caller,
            Id = key,
            Name = body.Value.Name,
            Permissions = body.Value.Permissions is { } permissions ? [.. permissions.Distinct()] : null,
            SetsExpiresAt = body.Value.SetsExpiresAt,
            ExpiresAt = body.Value.ExpiresAt,
        });
        return result.ToApiKeyResult();
    }
}

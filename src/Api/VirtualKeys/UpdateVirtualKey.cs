using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class UpdateVirtualKey
{
    [UnsupportedScopes]
    [UnsupportedMember("purpose", NeutralText = "user")]
    [UnsupportedMember("organization_id", AcceptsOwnProject = true)]
    [UnsupportedMember("trace_project_id")]
    [UnsupportedMember("routing_policy_id")]
    [UnsupportedMember("routing_mode", NeutralText = "none")]
    [UnsupportedMember("budget")]
    internal sealed class Request
    {
        [Text(1, VirtualKeyLimits.MaxNameLength)]
        [Description("1 to 128 characters.")]
        public string Name { get; init; } = null!;

        [Text(0, VirtualKeyLimits.MaxDescriptionLength, IsMultiline = true)]
        [Description("Null clears it.")]
        public string? Description
        {
            get;
            init => (field, SetsDescription) = (value, true);
        }

        [JsonIgnore]
        public bool SetsDescription { get; private init; }

        [MaxLength(VirtualKeyLimits.MaxProviderCredentials, ErrorMessage = "must have at most 100 entries.")]
        [Text(1, VirtualKeyLimits.MaxProviderCredentialIdLength)]
        [Description("An ordered list, at most 100 entries; replaces the previous list.")]
        public IReadOnlyList<string> ProviderCredentialIds { get; init; } = null!;

        [Description(
            "From this time on the key is invalid; null clears it. Retiring secrets expire then at the latest.")]
        [JsonConverter(typeof(TimestampConverter))]
        public DateTimeOffset? ExpiresAt
        {
            get;
            init => (field, SetsExpiresAt) = (value, true);
        }

        [JsonIgnore]
        public bool SetsExpiresAt { get; private init; }

        [Permissions]
        [Description("What the key may do; replaces the previous list. A removed permission is refused everywhere "
            + "when the response arrives.")]
        public IReadOnlyList<string> Permissions { get; init; } = null!;

        [Text(1, VirtualKeyLimits.MaxExternalIdLength)]
        [Description("Null clears it.")]
        public string? ExternalId
        {
            get;
            init => (field, SetsExternalId) = (value?.Trim(), true);
        }

        [JsonIgnore]
        public bool SetsExternalId { get; private init; }

        [Metadata]
        [Description("At most 40 strings of up to 500 characters, by keys of 1 to 64 characters; replaces all.")]
        public IReadOnlyDictionary<string, string> Metadata { get; init; } = null!;

        [Config]
        [Description(
            "Replaces the top-level members that it contains; a null member is removed. Null removes all. The result "
            + "has the limits of a new key.")]
        public JsonElement? Config
        {
            get;
            init => (field, SetsConfig) = (value, true);
        }

        [JsonIgnore]
        public bool SetsConfig { get; private init; }

        [AllowedIps]
        [Description("Replaces the previous list. Empty allows any address.")]
        public IReadOnlyList<string> AllowedIps { get; init; } = null!;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{id}", HandleAsync)
        .WithName("patchApiGatewayV1Virtual-keysById")
        .RequirePermission(ApiKeyPermissions.UpdateVirtualKeys)
        .WithSummary("Update a virtual key")
        .WithDescription(
            "Changes the members in the request; the others keep their values. A request that changes nothing keeps "
            + "the revision.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked, ApiErrors.ExternalIdTaken);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        var request = body.Value;
        var result = await grain.Update(new UpdateVirtualKeyCommand
        {
            Caller = user.GetCaller(),
            Name = request.Name,
            SetsDescription = request.SetsDescription,
            Description = request.Description,
            ProviderCredentialIds = request.ProviderCredentialIds,
            SetsExpiresAt = request.SetsExpiresAt,
            ExpiresAt = request.ExpiresAt,
            Permissions = request.Permissions,
            SetsExternalId = request.SetsExternalId,
            ExternalId = request.ExternalId,
            Metadata = request.Metadata,
            ConfigPatch = request.SetsConfig ? request.Config?.GetRawText() ?? "null" : null,
            AllowedIps = request.AllowedIps is { } allowedIps ? AllowedIpRange.ParseAll(allowedIps) : null,
        });
        return result.ToResult();
    }
}

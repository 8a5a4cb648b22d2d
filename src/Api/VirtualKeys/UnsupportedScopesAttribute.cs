using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Http;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>
/// Declares <c>scopes</c>, a list of organizations, teams and projects. Here, a virtual key belongs to the project of
/// the caller, so only that project is accepted.
/// </summary>
internal sealed class UnsupportedScopesAttribute() : UnsupportedMemberAttribute("scopes")
{
    public override bool IsNeutral(JsonElement value, ClaimsPrincipal user)
    {
        if (base.IsNeutral(value, user)) return true;
        if (value.ValueKind != JsonValueKind.Array) return false;
        var project = user.GetCaller().Project.ToString();
        return value.EnumerateArray().All(scope => scope.ValueKind == JsonValueKind.Object
            && scope.GetPropertyCount() == 2
            && scope.TryGetProperty("scope_type", out var type) && type.ValueKind == JsonValueKind.String
            && string.Equals(type.GetString(), "project", StringComparison.OrdinalIgnoreCase)
            && scope.TryGetProperty("scope_id", out var id) && id.ValueKind == JsonValueKind.String
            && id.ValueEquals(project));
    }
}

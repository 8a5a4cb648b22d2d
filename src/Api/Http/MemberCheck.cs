using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

/// <summary>Refuses members of a body that the service would otherwise drop.</summary>
internal static class MemberCheck
{
    /// <summary>Returns the error for the first member that a request does not have; null if there is none.</summary>
    public static ErrorResult? FindError<T>(JsonElement body, JsonSerializerOptions options, ClaimsPrincipal user)
    {
        var known = options.GetTypeInfo(typeof(T)).Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) != true)
            .ToList();
        foreach (var member in body.EnumerateObject())
        {
            if (known.Any(property => property.Name == member.Name)) continue;
            var unsupported = typeof(T).GetCustomAttributes<UnsupportedMemberAttribute>()
                .FirstOrDefault(attribute => attribute.Name == member.Name);
            if (unsupported is null) return ApiErrors.UnknownMember(member.Name);
            if (!unsupported.IsNeutral(member.Value, user)) return ApiErrors.UnsupportedMember(member.Name);
        }

        return null;
    }
}

using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

/// <summary>Refuses members of a body that the service would otherwise drop.</summary>
internal static class MemberCheck
{
    /// <summary>Returns the error for the first member that a request does not have; null if there is none.</summary>
    public static ErrorResult? FindError<T>(JsonElement body, JsonSerializerOptions options, ClaimsPrincipal user)
    {
        var known = Known<T>.Names ??= GetNames(options.GetTypeInfo(typeof(T)));
        foreach (var member in body.EnumerateObject())
        {
            if (IsKnown(member, known)) continue;
            var unsupported = typeof(T).GetCustomAttributes<UnsupportedMemberAttribute>()
                .FirstOrDefault(attribute => attribute.Name == member.Name);
            if (unsupported is null) return ApiErrors.UnknownMember(member.Name);
            if (!unsupported.IsNeutral(member.Value, user)) return ApiErrors.UnsupportedMember(member.Name);
        }

        return null;
    }

    private static bool IsKnown(JsonProperty member, string[] known)
    {
        foreach (var name in known)
            if (member.NameEquals(name)) return true;
        return false;
    }

    private static string[] GetNames(JsonTypeInfo type) =>
    [
        .. type.Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) != true)
            .Select(property => property.Name),
    ];

    /// <summary>The names of the members of a type. Finding them takes longer than parsing a small body.</summary>
    private static class Known<T>
    {
        public static string[]? Names { get; set; }
    }
}

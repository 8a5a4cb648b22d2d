using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Parses the filters of a list of virtual keys. An empty string is a filter too.</summary>
internal static class VirtualKeyFilterParser
{
    /// <summary>The longest text of a key that a filter can match, in characters.</summary>
    private const int MaxLength = 255;

    public static readonly VirtualKeyFilter None = new();

    public static (VirtualKeyFilter Filter, ErrorResult? Error) Parse(ListVirtualKeys.Query query)
    {
        var errors = new QueryErrors();
        var filter = new VirtualKeyFilter
        {
            ExternalId = ReadText("external_id", query.ExternalId?.Trim()),
            PrincipalUserId = ReadText("principal_user_id", query.PrincipalUserId),
            NamePrefix = ReadText("name_prefix", query.NamePrefix),
            Status = ReadEnum<VirtualKeyStatus>("status", query.Status),
            Environment = ReadEnum<VirtualKeyEnvironment>("environment", query.Environment),
            ExpiresBefore = errors.ParseTime("expires_before", query.ExpiresBefore),
            HasRetiringSecrets = query.HasRetiringSecrets switch
            {
                null => null,
                "true" => true,
                "false" => false,
                _ => errors.Add<bool?>("has_retiring_secrets must be true or false."),
            },
        };
        return (filter, errors.First);

        string? ReadText(string name, string? text)
        {
            if (text is null || (VisibleText.GetLength(text) <= MaxLength && !text.Any(char.IsControl))) return text;
            return errors.Add<string?>($"{name} must have at most {MaxLength} characters, and no control characters.");
        }

        T? ReadEnum<T>(string name, string? text)
            where T : struct, Enum
        {
            if (text is null) return null;
            var names = StrictEnumConverter.GetNames(typeof(T)).ToList();
            return names.IndexOf(text) is >= 0 and var index
                ? Enum.GetValues<T>()[index]
                : errors.Add<T?>($"{name} must be one of {string.Join(", ", names)}.");
        }
    }
}

using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Parses the filters of a list. An empty text is a filter too.</summary>
internal static class ListFilter
{
    /// <summary>The longest text of a key that a filter can match, in characters.</summary>
    private const int MaxLength = 255;

    public static readonly VirtualKeyFilter None = new();

    public static (VirtualKeyFilter Filter, ErrorResult? Error) Parse(ListVirtualKeys.Query query)
    {
        ErrorResult? error = null;
        var filter = new VirtualKeyFilter
        {
            ExternalId = ReadText("external_id", query.ExternalId?.Trim()),
            PrincipalUserId = ReadText("principal_user_id", query.PrincipalUserId),
            NamePrefix = ReadText("name_prefix", query.NamePrefix),
            Status = ReadEnum<VirtualKeyStatus>("status", query.Status),
            Environment = ReadEnum<VirtualKeyEnvironment>("environment", query.Environment),
            ExpiresBefore = ReadTime("expires_before", query.ExpiresBefore),
            HasRetiringSecrets = query.HasRetiringSecrets switch
            {
                null => null,
                "true" => true,
                "false" => false,
                _ => Refuse<bool?>("has_retiring_secrets must be true or false."),
            },
        };
        return (filter, error);

        string? ReadText(string name, string? text)
        {
            if (text is null || (VisibleText.GetLength(text) <= MaxLength && !text.Any(char.IsControl))) return text;
            return Refuse<string?>($"{name} must have at most {MaxLength} characters, and no control characters.");
        }

        T? ReadEnum<T>(string name, string? text)
            where T : struct, Enum
        {
            if (text is null) return null;
            var names = StrictEnumConverter.GetNames(typeof(T)).ToList();
            return names.IndexOf(text) is >= 0 and var index
                ? Enum.GetValues<T>()[index]
                : Refuse<T?>($"{name} must be one of {string.Join(", ", names)}.");
        }

        DateTimeOffset? ReadTime(string name, string? text)
        {
            if (text is null) return null;
            return TimestampConverter.TryParse(text, out var time)
                ? time
                : Refuse<DateTimeOffset?>($"{name} must be a time in ISO 8601 with an offset, or a date.");
        }

        T? Refuse<T>(string message)
        {
            error ??= ApiErrors.ValidationFailed(message);
            return default;
        }
    }
}

using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

/// <summary>Collects the first error in the filters of a list.</summary>
internal sealed class QueryErrors
{
    /// <summary>The response to the first invalid filter; null if all are valid.</summary>
    public ErrorResult? First { get; private set; }

    /// <summary>Records an error. Returns the default value, in place of that of the filter.</summary>
    public T? Add<T>(string message)
    {
        First ??= ApiErrors.ValidationFailed(message);
        return default;
    }

    /// <summary>Parses a time. An absent filter is null.</summary>
    public DateTimeOffset? ParseTime(string name, string? text)
    {
        if (text is null) return null;
        return TimestampConverter.TryParse(text, out var time)
            ? time
            : Add<DateTimeOffset?>($"{name} must be a time in ISO 8601 with an offset, or a date.");
    }
}

using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Idempotency;

/// <summary>Reads the <c>Idempotency-Key</c> header.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>
    /// The response headers that mark the response of an earlier request. Clients of LangWatch read the second one.
    /// </summary>
    public static readonly IReadOnlyList<string> ReplayedNames = ["Idempotent-Replayed", "X-Idempotent-Replay"];

    /// <summary>Returns the key, null without an error if the header is absent.</summary>
    public static (IdempotencyKey? Key, ErrorResult? Error) Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Name, out var values)) return (null, null);
        return values.Count == 1 && IdempotencyKey.TryParse(values.ToString(), out var key)
            ? (key, null)
            : (null, ApiErrors.ValidationFailed(
                $"{Name} must appear once and have {IdempotencyKey.MinLength} to "
                + $"{IdempotencyKey.MaxLength} printable ASCII characters."));
    }
}

using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using KeysCluster.Api.Errors;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.Requests;

/// <summary>
/// Reads a request's body in the order in which a client can mend it: too large, not JSON by its type, not JSON, of the
/// wrong shape, out of limits. Messages name a place or a field and never repeat what was sent.
/// </summary>
internal static class JsonBody
{
    public const string AnyType = "*/*";

    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowDuplicateProperties = false };

    public static bool MayBeEmpty<T>() => typeof(T).IsAssignableTo(typeof(IMayBeEmpty));

    public static async Task<(T? Value, ErrorResult? Error)> Read<T>(HttpContext context)
        where T : class, new()
    {
        if (await ReadWhole(context.Request.BodyReader, context.RequestAborted) is not { } text)
            return (null, ApiErrors.PayloadTooLarge);
        if (text.Length == 0)
        {
            return MayBeEmpty<T>()
                ? (new T(), null)
                : (null, ApiErrors.MalformedJson("The body is empty; send a JSON object."));
        }

        if (!string.IsNullOrEmpty(context.Request.ContentType) && !context.Request.HasJsonContentType())
            return (null, ApiErrors.UnsupportedMediaType);

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return Parse<T>(text, options);
    }

    /// <summary>The body; null as soon as it is too large.</summary>
    private static async Task<byte[]?> ReadWhole(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var isTooLarge = read.Buffer.Length > ApiLimits.MaxBodyBytes;
            var text = read.IsCompleted && !isTooLarge ? read.Buffer.ToArray() : null;
            body.AdvanceTo(text is null && !isTooLarge ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            if (isTooLarge || text is not null) return text;
        }
    }

    private static (T? Value, ErrorResult? Error) Parse<T>(ReadOnlyMemory<byte> text, JsonSerializerOptions options)
        where T : class, new()
    {
        // The parser lets other bytes pass in members that nobody reads.
        if (!Utf8.IsValid(text.Span)) return (null, ApiErrors.MalformedJson("The body is not in UTF-8."));

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, DocumentOptions);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a member's name is well-formed JSON to the parser, but no text.
            return (null, ApiErrors.MalformedJson("A member's name in the body is not well-formed Unicode."));
        }
        catch (JsonException exception)
        {
            // The parser names no place where a member comes twice.
            if (exception.LineNumber is null) return (null, ApiErrors.MalformedJson("A member of the body appears twice."));
            var place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            return (null, ApiErrors.MalformedJson($"The body is not well-formed JSON ({place})."));
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (null, ApiErrors.ValidationFailed("The body must be a JSON object."));
            try
            {
                var value = document.RootElement.Deserialize<T>(options)!;
                return FirstViolation(value) is { } message
                    ? (null, ApiErrors.ValidationFailed(message))
                    : (value, null);
            }
            catch (JsonException exception)
            {
                var field = (exception.Path ?? "$").TrimStart('$', '.');
                return (null, ApiErrors.ValidationFailed($"{field} has the wrong type or is null where it may not be."));
            }
        }
    }

    private static string? FirstViolation<T>(T value)
        where T : class
    {
        var violations = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), violations, validateAllProperties: true);
        return violations is [var first, ..]
            ? $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(first.MemberNames.First())} {first.ErrorMessage}"
            : null;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Unicode;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.Http;

/// <summary>
/// Reads and validates the body of a request. Reports the first problem in this order: too large, wrong content type,
/// malformed, unknown or unsupported member, wrong shape, out of limits. Messages name a position or a member and never
/// repeat the content.
/// </summary>
internal static class JsonBodyReader
{
    public const string AnyContentType = "*/*";

    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowDuplicateProperties = false };

    public static bool IsOptional<T>() => typeof(T).IsAssignableTo(typeof(IOptionalBody));

    public static async Task<(T? Value, ErrorResult? Error)> ReadAsync<T>(HttpContext context)
        where T : class, new()
    {
        var limit = BodyLimit.Get(context);
        byte[]? body;
        try
        {
            body = await ReadToEndAsync(context.Request.BodyReader, limit.Bytes, context.RequestAborted);
        }
        catch (OperationCanceledException) when (HasTimedOut(context))
        {
            return (null, ApiErrors.RequestTimeout);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // Kestrel reports some malformed chunks in this way.
            return (null, ApiErrors.BadRequest);
        }

        if (body is null) return (null, limit.Error);
        if (body.Length == 0)
        {
            return IsOptional<T>()
                ? (new T(), null)
                : (null, ApiErrors.MalformedJson("The body is empty; send a JSON object."));
        }

        if (!string.IsNullOrEmpty(context.Request.ContentType) && !context.Request.HasJsonContentType())
            return (null, ApiErrors.UnsupportedMediaType);
        foreach (var encoding in context.Request.Headers.ContentEncoding)
            if (!IsIdentity(encoding)) return (null, ApiErrors.UnsupportedEncoding);

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return Parse<T>(body, options, context.User);
    }

    /// <summary>Returns whether the request was canceled by its time limit, and not by the client.</summary>
    private static bool HasTimedOut(HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;

    private static bool IsIdentity(string? encoding) =>
        string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the body; null as soon as it is too large.</summary>
    private static async Task<byte[]?> ReadToEndAsync(
        PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var isTooLarge = read.Buffer.Length > maxBytes;
            var body = read.IsCompleted && !isTooLarge ? read.Buffer.ToArray() : null;
            var isFinished = isTooLarge || body is not null;
            reader.AdvanceTo(isFinished ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (isFinished) return body;
        }
    }

    private static (T? Value, ErrorResult? Error) Parse<T>(
        ReadOnlyMemory<byte> body, JsonSerializerOptions options, ClaimsPrincipal user)
        where T : class, new()
    {
        // The parser does not validate the encoding of members that it skips.
        if (!Utf8.IsValid(body.Span)) return (null, ApiErrors.MalformedJson("The body is not valid UTF-8."));

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, DocumentOptions);
        }
        catch (InvalidOperationException)
        {
            // The parser accepts an unpaired surrogate in a member name, and fails when it compares the names.
            return (null, ApiErrors.MalformedJson("The name of a member is not well-formed Unicode."));
        }
        catch (JsonException exception)
        {
            // Only the exception for a duplicate member has no position.
            if (exception.LineNumber is null)
                return (null, ApiErrors.MalformedJson("A member of the body appears twice."));
            var position = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            return (null, ApiErrors.MalformedJson($"The body is not well-formed JSON ({position})."));
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Parse<T>(document.RootElement, options, user)
                : (null, ApiErrors.ValidationFailed("The body must be a JSON object."));
        }
    }

    /// <summary>Reads and validates an object of a body.</summary>
    public static (T? Value, ErrorResult? Error) Parse<T>(
        JsonElement element, JsonSerializerOptions options, ClaimsPrincipal user)
        where T : class, new()
    {
        try
        {
            if (MemberCheck.FindError<T>(element, options, user) is { } error) return (null, error);
            var value = element.Deserialize<T>(options)!;
            return FindViolation(value, options) is { } message
                ? (null, ApiErrors.ValidationFailed(message))
                : (value, null);
        }
        catch (JsonException exception)
        {
            var member = GetMember(exception.Path);
            return (null, ApiErrors.ValidationFailed($"{member} must be {GetForm<T>(member, options)}."));
        }
        catch (InvalidOperationException)
        {
            // A string with an escaped unpaired surrogate cannot be read.
            return (null, ApiErrors.ValidationFailed("A string of the body is not well-formed Unicode."));
        }
    }

    /// <summary>Returns the top-level member of a path. What follows may be a name that the caller chose.</summary>
    private static string GetMember(string? path)
    {
        var member = (path ?? "$").TrimStart('$', '.');
        return member.IndexOfAny(['.', '[']) is > 0 and var end ? member[..end] : member;
    }

    /// <summary>Returns the form that a member must have.</summary>
    private static string GetForm<T>(string name, JsonSerializerOptions options)
    {
        var member = options.GetTypeInfo(typeof(T)).Properties.FirstOrDefault(property => property.Name == name);
        if (member is null) return "of another type";
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var form = type switch
        {
            _ when TimestampConverter.IsUsedBy(member) =>
                "a time such as 2027-01-31T12:00:00Z, a date, or a number of milliseconds since 1970",
            _ when type == typeof(DateTimeOffset) => "a time such as 2027-01-31T12:00:00Z",
            _ when type == typeof(string) => "a string",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(IReadOnlyList<JsonElement>) => "an array of objects",
            _ when type.IsEnum => $"one of {string.Join(", ", StrictEnumConverter.GetNames(type))}",
            _ when type == typeof(IReadOnlyList<string>) => "an array of strings",
            _ => "an object",
        };
        return member.IsSetNullable ? $"{form}, or null" : form;
    }

    private static string? FindViolation<T>(T value, JsonSerializerOptions options)
        where T : class
    {
        if (BodyLimits<T>.FindViolation(value) is not var (member, message)) return null;
        var name = options.GetTypeInfo(typeof(T)).Properties
            .First(property => (property.AttributeProvider as MemberInfo)?.Name == member.Name).Name;
        return $"{name} {message}";
    }
}

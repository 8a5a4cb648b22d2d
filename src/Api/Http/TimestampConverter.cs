using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using KeysCluster.Time;

namespace KeysCluster.Api.Http;

/// <summary>
/// Reads a time in the forms that existing clients send: ISO 8601 with an offset from UTC, a date, which is midnight in
/// UTC, or a whole number of milliseconds since 1970.
/// </summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    private const string DatePattern = "yyyy-MM-dd";

    private static readonly UtcMillisecondJsonConverter Iso = new();

    private static readonly JsonSerializerOptions ParseOptions = new() { Converters = { new TimestampConverter() } };

    /// <summary>
    /// Returns whether a member has these forms. The converter cannot be compared, because System.Text.Json wraps that
    /// of a nullable member into another one.
    /// </summary>
    public static bool IsUsedBy(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: true)
            is [JsonConverterAttribute { ConverterType: var type }]
        && type == typeof(TimestampConverter);

    /// <summary>Parses a query parameter in one of the forms.</summary>
    public static bool TryParse(string text, out DateTimeOffset value)
    {
        try
        {
            value = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                ? FromMilliseconds(milliseconds)
                : JsonSerializer.Deserialize<DateTimeOffset>(
                    JsonSerializer.SerializeToUtf8Bytes(text), ParseOptions);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var milliseconds)
                ? FromMilliseconds(milliseconds)
                : throw new JsonException();
        }

        if (reader.TokenType == JsonTokenType.String && TryParseDate(reader.GetString()!, out var date)) return date;
        return Iso.Read(ref reader, typeToConvert, options);
    }

    /// <summary>Writes the default form of .NET, which the hashes of idempotent requests are computed from.</summary>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    private static bool TryParseDate(string text, out DateTimeOffset date) => DateTimeOffset.TryParseExact(
        text, DatePattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);

    private static DateTimeOffset FromMilliseconds(long milliseconds)
    {
        if (milliseconds < 0 || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw new JsonException();
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Time;

/// <summary>
/// Writes a <see cref="DateTimeOffset"/> as ISO 8601 in UTC with three decimals (<c>2026-11-22T10:15:00.000Z</c>), on
/// the wire and in storage. The fixed width makes the texts sort by time. Reads any ISO 8601 time with an offset from
/// UTC, truncated to milliseconds.
/// </summary>
public sealed class UtcMillisecondJsonConverter : JsonConverter<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const int Length = 24;
    private const int RoundTripLength = 28;

    /// <summary>Formats a time as it is stored and sent.</summary>
    public static string Format(DateTimeOffset value)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        return Encoding.ASCII.GetString(Format(value, text));
    }

    /// <summary>Parses a text that <see cref="Format(DateTimeOffset)"/> returned, and no other.</summary>
    public static bool TryParse(string text, out DateTimeOffset value) => DateTimeOffset.TryParseExact(
        text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Without an offset the time would depend on the time zone of this process.
        if (reader.GetDateTime().Kind == DateTimeKind.Unspecified)
            throw new JsonException("The offset from UTC is missing.");

        var value = reader.GetDateTimeOffset().ToUniversalTime();
        return value.AddTicks(-(value.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[RoundTripLength];
        writer.WriteStringValue(Format(value, text));
    }

    /// <summary>Truncates the round-trip format, which .NET writes faster than a custom one, to milliseconds.</summary>
    private static ReadOnlySpan<byte> Format(DateTimeOffset value, Span<byte> text)
    {
        value.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[Length - 1] = (byte)'Z';
        return text[..Length];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Time;

/// <summary>
/// Writes an instant as ISO 8601 in UTC with exactly three decimals (<c>2026-11-22T10:15:00.000Z</c>), on the wire and
/// in storage. The fixed width makes the texts sort as the instants do. Reads any ISO 8601 instant that says its offset
/// from UTC, down to the millisecond.
/// </summary>
public sealed class InstantJsonConverter : JsonConverter<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const int Length = 24;
    private const int RoundTripLength = 28;

    /// <summary>The text of an instant as it is stored and sent.</summary>
    public static string ToText(DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[RoundTripLength];
        return Encoding.ASCII.GetString(Format(instant, text));
    }

    /// <summary>Reads a text that <see cref="ToText"/> wrote, and no other.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant) => DateTimeOffset.TryParseExact(
        text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Without an offset the instant would depend on where this process runs.
        if (reader.GetDateTime().Kind == DateTimeKind.Unspecified) throw new JsonException("The offset from UTC is missing.");
        var instant = reader.GetDateTimeOffset().ToUniversalTime();
        return instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[RoundTripLength];
        writer.WriteStringValue(Format(value, text));
    }

    /// <summary>The round-trip format, which .NET writes fast, cut after the milliseconds.</summary>
    private static ReadOnlySpan<byte> Format(DateTimeOffset instant, Span<byte> text)
    {
        instant.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[Length - 1] = (byte)'Z';
        return text[..Length];
    }
}

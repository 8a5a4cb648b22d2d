using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Time;

/// <summary>
/// Writes a <see cref="DateTimeOffset"/> as ISO 8601 in UTC with three decimals (<c>2026-11-22T10:15:00.000Z</c>), on
/// the wire and in storage. The fixed width makes the texts sort by time. Reads any ISO 8601 time with an offset from
/// UTC, <c>Z</c> or <c>+hh:mm</c>, truncated to milliseconds.
/// </summary>
public sealed class UtcMillisecondJsonConverter : JsonConverter<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const int Length = 24;

    /// <summary>More than the longest escaped text of a time.</summary>
    private const int MaxReadLength = 256;
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
        if (!HasOffset(in reader)) throw new JsonException("The offset from UTC is missing or incomplete.");

        var value = reader.GetDateTimeOffset().ToUniversalTime();
        return value.AddTicks(-(value.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <summary>
    /// Returns whether a text ends with an offset of RFC 3339. The parser of .NET also accepts one without minutes, and
    /// a decimal point without digits before the offset.
    /// </summary>
    private static bool HasOffset(in Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (reader.TokenType != JsonTokenType.String || length > MaxReadLength) return false;
        Span<byte> buffer = stackalloc byte[MaxReadLength];
        var text = buffer[..reader.CopyString(buffer)];
        var end = text switch
        {
            [.., (byte)'Z'] => text[..^1],
            [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _] => text[..^6],
            _ => default,
        };
        return end.Length > 0 && char.IsAsciiDigit((char)end[^1]);
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

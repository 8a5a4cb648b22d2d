using System.Text.Json;
using CsCheck;
using KeysCluster.Time;

namespace KeysCluster.Grains.Tests.Time;

public sealed class UtcMillisecondJsonConverterTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new UtcMillisecondJsonConverter() } };

    private static readonly Gen<DateTimeOffset> AnyMillisecond =
        Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMillisecond]
            .Select(ms => new DateTimeOffset(ms * TimeSpan.TicksPerMillisecond, TimeSpan.Zero));

    [Fact]
    public void A_time_is_written_in_UTC_with_milliseconds()
    {
        var time = new DateTimeOffset(2026, 11, 22, 12, 15, 0, 7, TimeSpan.FromHours(2));

        Assert.Equal("\"2026-11-22T10:15:00.007Z\"", JsonSerializer.Serialize(time, Json));
    }

    [Fact]
    public void The_text_has_a_fixed_width_and_sorts_chronologically() =>
        Gen.Select(AnyMillisecond, AnyMillisecond).Sample((a, b) =>
        {
            var (textA, textB) = (UtcMillisecondJsonConverter.Format(a), UtcMillisecondJsonConverter.Format(b));
            Assert.Equal(24, textA.Length);
            Assert.Equal(a.CompareTo(b), Math.Sign(string.CompareOrdinal(textA, textB)));
        });

    [Fact]
    public void A_time_in_whole_milliseconds_round_trips() => AnyMillisecond.Sample(time =>
    {
        Assert.True(UtcMillisecondJsonConverter.TryParse(UtcMillisecondJsonConverter.Format(time), out var parsed));
        Assert.Equal(time, parsed);
        Assert.Equal(time, JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(time, Json), Json));
    });

    [Theory]
    [InlineData("2026-11-22T10:15:00Z")]
    [InlineData("2026-11-22T10:15:00.0000Z")]
    [InlineData("2026-11-22T10:15:00.000+00:00")]
    [InlineData("2026-11-22 10:15:00.000Z")]
    [InlineData("2026-11-22T10:15:00.000z")]
    [InlineData(" 2026-11-22T10:15:00.000Z")]
    [InlineData("")]
    public void Text_in_any_other_format_is_rejected_by_TryParse(string text) =>
        Assert.False(UtcMillisecondJsonConverter.TryParse(text, out _));

    [Theory]
    [InlineData("2026-11-22T12:15:00")]
    [InlineData("2026-11-22T12:15:00+02")]
    [InlineData("2026-11-22T12:15:00.Z")]
    [InlineData("2026-11-22T12:15:00.+02:00")]
    [InlineData("2026-11-22")]
    [InlineData("Z"), InlineData("+02:00"), InlineData("")]
    public void A_text_without_a_complete_offset_is_rejected(string text) => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(text), Json));

    [Fact]
    public void JSON_is_read_in_any_ISO_8601_format() => Assert.Equal(
        new DateTimeOffset(2026, 11, 22, 10, 15, 0, TimeSpan.Zero),
        JsonSerializer.Deserialize<DateTimeOffset>("\"2026-11-22T12:15:00+02:00\"", Json));
}

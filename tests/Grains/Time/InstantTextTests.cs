using System.Text.Json;
using CsCheck;
using KeysCluster.Time;

namespace KeysCluster.Grains.Tests.Time;

public sealed class InstantTextTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new InstantJsonConverter() } };

    private static readonly Gen<DateTimeOffset> AnyMillisecond =
        Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMillisecond]
            .Select(ms => new DateTimeOffset(ms * TimeSpan.TicksPerMillisecond, TimeSpan.Zero));

    [Fact]
    public void An_instant_is_written_in_UTC_with_three_decimals()
    {
        var instant = new DateTimeOffset(2026, 11, 22, 12, 15, 0, 7, TimeSpan.FromHours(2));

        Assert.Equal("\"2026-11-22T10:15:00.007Z\"", JsonSerializer.Serialize(instant, Json));
    }

    [Fact]
    public void The_text_has_a_fixed_width_and_sorts_as_the_instants_do() =>
        Gen.Select(AnyMillisecond, AnyMillisecond).Sample((a, b) =>
        {
            var (textA, textB) = (InstantJsonConverter.ToText(a), InstantJsonConverter.ToText(b));
            Assert.Equal(24, textA.Length);
            Assert.Equal(a.CompareTo(b), Math.Sign(string.CompareOrdinal(textA, textB)));
        });

    [Fact]
    public void An_instant_of_whole_milliseconds_survives_the_text() => AnyMillisecond.Sample(instant =>
    {
        Assert.True(InstantJsonConverter.TryParse(InstantJsonConverter.ToText(instant), out var read));
        Assert.Equal(instant, read);
        Assert.Equal(instant, JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(instant, Json), Json));
    });

    [Theory]
    [InlineData("2026-11-22T10:15:00Z")]
    [InlineData("2026-11-22T10:15:00.0000Z")]
    [InlineData("2026-11-22T10:15:00.000+00:00")]
    [InlineData("2026-11-22 10:15:00.000Z")]
    [InlineData("2026-11-22T10:15:00.000z")]
    [InlineData(" 2026-11-22T10:15:00.000Z")]
    [InlineData("")]
    public void A_text_in_any_other_form_is_not_taken_for_one_that_was_written(string text) =>
        Assert.False(InstantJsonConverter.TryParse(text, out _));

    [Fact]
    public void Json_is_read_in_any_ISO_8601_form() => Assert.Equal(
        new DateTimeOffset(2026, 11, 22, 10, 15, 0, TimeSpan.Zero),
        JsonSerializer.Deserialize<DateTimeOffset>("\"2026-11-22T12:15:00+02:00\"", Json));
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Api.Events;
using KeysCluster.Events;

namespace KeysCluster.Grains.Tests.Events;

/// <summary>A cursor contains a position of one list.</summary>
public sealed class EventCursorTests
{
    private const string Snapshot = "1795000000000.9.100.2";

    private static readonly EventCursor Cursor = new("a list");

    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);

    public static TheoryData<EventPosition> Positions() =>
    [
        new EventPosition("", new EventSnapshot(Time, 0, 0, 0, []), null),
        new EventPosition("timeline", null, new EventSnapshot(Time, long.MaxValue, 7, 9, [1, 2, 6]), long.MaxValue, ""),
        new EventPosition(
            "timeline",
            new EventSnapshot(Time, 1, ulong.MaxValue - 1, ulong.MaxValue, [3, ulong.MaxValue - 2]),
            new EventSnapshot(Time.AddDays(1), 5, 1UL << 40, 1UL << 41, CreateIds(first: 1, count: 300)),
            4,
            "a time with spaces"),
    ];

    [Theory]
    [MemberData(nameof(Positions))]
    public void A_position_is_decoded_as_it_was_encoded(EventPosition position)
    {
        Assert.True(Cursor.TryDecode(Cursor.Encode(position), out var decoded));
        Assert.Equal(
            (position.Timeline, position.Last, position.LastAt), (decoded.Timeline, decoded.Last, decoded.LastAt));
        AssertEqual(position.Since, decoded.Since);
        AssertEqual(position.Until, decoded.Until);
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void A_cursor_of_another_list_or_with_another_character_is_refused(EventPosition position)
    {
        var cursor = Cursor.Encode(position);
        Assert.False(new EventCursor("another list").TryDecode(cursor, out _));
        for (var i = 0; i < cursor.Length - 1; i++)
        {
            var changed = cursor.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.False(Cursor.TryDecode(new string(changed), out _));
        }
    }

    [Fact]
    public void A_thousand_transactions_in_progress_fit_into_a_request_line()
    {
        var snapshot = new EventSnapshot(
            Time, 1L << 40, (1UL << 33) + 1000, (1UL << 33) + 1000, CreateIds(first: 1UL << 33, count: 1000));
        var cursor = Cursor.Encode(new EventPosition("0123456789abcdef", snapshot, snapshot));
        Assert.InRange(cursor.Length, 1, 6 * 1024);
        Assert.True(Cursor.TryDecode(cursor, out _));
    }

    [Theory]
    [InlineData($"h {Snapshot} - 0 -", true)]
    [InlineData($"h - {Snapshot}.5.6.88 7 =x", true)]
    [InlineData("h - - 0 -")]
    [InlineData($"h {Snapshot} - 0")]
    [InlineData($"h {Snapshot} - -1 -")]
    [InlineData($"h {Snapshot} - x -")]
    [InlineData($"h {Snapshot} - 9223372036854775808 -")]
    [InlineData("h 1795000000000.9.100 - 0 -")]
    [InlineData("h 1795000000000.9.100.x - 0 -")]
    [InlineData("h 1795000000000.-9.100.2 - 0 -")]
    [InlineData("h 1795000000000.9223372036854775808.100.2 - 0 -")]
    [InlineData("h 999999999999999999.9.100.2 - 0 -")]
    [InlineData("h 1795000000000.9.100.18446744073709551615 - 0 -")]
    [InlineData($"h {Snapshot}.0 - 0 -")]
    [InlineData($"h {Snapshot}.5.0 - 0 -")]
    [InlineData($"h {Snapshot}.5.95 - 0 -")]
    [InlineData($"h {Snapshot}.5.18446744073709551615 - 0 -")]
    [InlineData($"h {Snapshot} - 0 =\0")]
    [InlineData("")]
    public void Only_the_text_of_a_position_is_decoded(string text, bool isValid = false)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var hash = SHA256.HashData([.. "a list"u8, 0, .. payload])[..8];
        Assert.Equal(isValid, Cursor.TryDecode(Base64Url.EncodeToString([.. hash, .. payload]), out _));
    }

    private static ulong[] CreateIds(ulong first, int count) =>
        [.. Enumerable.Range(0, count).Select(n => first + (ulong)n)];

    private static void AssertEqual(EventSnapshot? expected, EventSnapshot? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is null) return;
        Assert.Equal(expected with { InProgress = [] }, actual! with { InProgress = [] });
        Assert.Equal(expected.InProgress, actual.InProgress);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeysCluster.Api.Http;
using KeysCluster.Events;

namespace KeysCluster.Api.Events;

/// <summary>The <c>cursor</c> of a list of events.</summary>
/// <param name="list">Identifies the list: the endpoint, the project and the filter.</param>
internal sealed class EventCursor(string list)
{
    // A snapshot of a thousand transactions in progress has less than this, and a request line has 8 KB.
    private const int MaxLength = 6 * 1024;
    private const string None = "-";

    private readonly ListCursor _cursor = new(list, MaxLength);

    // The time is the last part, because it is the only one that may contain a space.
    public string Encode(EventPosition position) => _cursor.Encode(string.Join(
        ' ',
        position.Timeline,
        FormatSnapshot(position.Since),
        FormatSnapshot(position.Until),
        position.Last.ToString(CultureInfo.InvariantCulture),
        position.LastAt is { } at ? $"={at}" : None));

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, [NotNullWhen(true)] out EventPosition? position)
    {
        position = null;
        if (!_cursor.TryDecode(cursor, out var text)) return false;
        var parts = text.Split(' ', 5);
        if (parts.Length < 5
            || !TryParseSnapshot(parts[1], out var since)
            || !TryParseSnapshot(parts[2], out var until)
            || (since ?? until) is null
            || !long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return false;
        position = new EventPosition(parts[0], since, until, last, parts[4] == None ? null : parts[4][1..]);
        return true;
    }

    /// <summary>Transactions in progress are written as differences, which keeps a cursor short.</summary>
    private static string FormatSnapshot(EventSnapshot? snapshot)
    {
        if (snapshot is null) return None;
        var previous = 0UL;
        var numbers = new List<ulong>
        {
            (ulong)snapshot.Time.ToUnixTimeMilliseconds(),
            (ulong)snapshot.LastPosition,
            snapshot.FirstIncomplete,
            snapshot.FirstUnassigned - snapshot.FirstIncomplete,
        };
        foreach (var transaction in snapshot.InProgress)
        {
            numbers.Add(transaction - previous);
            previous = transaction;
        }

        return string.Join('.', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool TryParseSnapshot(string text, out EventSnapshot? snapshot)
    {
        snapshot = null;
        if (text == None) return true;
        var numbers = new List<ulong>();
        foreach (var part in text.Split('.'))
        {
            if (!ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            numbers.Add(number);
        }

        if (numbers.Count < 4
            || numbers[0] > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || numbers[1] > long.MaxValue)
            return false;
        var inProgress = new List<ulong>();
        foreach (var difference in numbers.Skip(4))
        {
            var previous = inProgress.Count == 0 ? 0 : inProgress[^1];
            var transaction = unchecked(previous + difference);
            if (transaction <= previous || transaction >= numbers[2]) return false;
            inProgress.Add(transaction);
        }

        snapshot = new EventSnapshot(
            DateTimeOffset.FromUnixTimeMilliseconds((long)numbers[0]),
            (long)numbers[1],
            numbers[2],
            unchecked(numbers[2] + numbers[3]),
            inProgress);
        return snapshot.FirstUnassigned >= snapshot.FirstIncomplete;
    }
}

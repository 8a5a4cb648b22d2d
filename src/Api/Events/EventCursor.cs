using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Events;

namespace KeysCluster.Api.Events;

/// <summary>
/// The <c>cursor</c> of a list of events, in base64url: a position, after a hash of it and of the list that it belongs
/// to. The hash detects a cursor that was damaged or belongs to another list. It is no secret: a position gives access
/// to nothing, because each request names its list.
/// </summary>
/// <param name="list">Identifies the list: the endpoint, the project and the filter.</param>
internal sealed class EventCursor(string list)
{
    // A snapshot of a thousand transactions in progress has less than this, and a request line has 8 KB.
    private const int MaxLength = 6 * 1024;
    private const int HashLength = 8;
    private const string None = "-";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Encode(EventPosition position)
    {
        // The time is the last part, because it is the only one that may contain a space.
        var text = string.Join(
            ' ',
            position.History,
            FormatSnapshot(position.Since),
            FormatSnapshot(position.Until),
            position.Last.ToString(CultureInfo.InvariantCulture),
            position.LastAt is { } at ? $"={at}" : None);
        var payload = Utf8.GetBytes(text);
        return Base64Url.EncodeToString([.. ComputeHash(payload), .. payload]);
    }

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, [NotNullWhen(true)] out EventPosition? position)
    {
        position = null;
        if (!Base64Url.IsValid(cursor) || cursor.Length > MaxLength) return false;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= HashLength) return false;
        var payload = bytes.AsSpan(HashLength);
        if (!bytes.AsSpan(0, HashLength).SequenceEqual(ComputeHash(payload))) return false;
        if (!TryGetText(payload, out var text)) return false;

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

    private static bool TryGetText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        try
        {
            text = Utf8.GetString(bytes);

            // PostgreSQL stores no such character.
            return !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private ReadOnlySpan<byte> ComputeHash(ReadOnlySpan<byte> payload) =>
        SHA256.HashData([.. Utf8.GetBytes(list), 0, .. payload]).AsSpan(0, HashLength);
}

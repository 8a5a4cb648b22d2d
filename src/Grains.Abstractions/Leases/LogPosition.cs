using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KeysCluster.Leases;

/// <summary>
/// The part of the event log that a process has applied to its cache: a snapshot of PostgreSQL. It is a snapshot and
/// not a number, because transactions do not commit in the order of their ids: a later position contains a transaction
/// that an earlier one saw in progress.
/// </summary>
/// <param name="Timeline">
/// The timeline of the server. A failover or a restore starts a new one; positions of two timelines cannot be compared.
/// </param>
/// <param name="Snapshot">
/// The text form of <c>pg_snapshot</c>, <c>xmin:xmax:xip_list</c>: all transactions before xmin had ended, those from
/// xmax on had not begun, and the listed ones between them were in progress.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.LogPosition")]
public sealed record LogPosition([property: Id(0)] string Timeline, [property: Id(1)] string Snapshot)
{
    /// <summary>The length of a timeline, which is eight hexadecimal digits.</summary>
    private const int MaxTimelineLength = 8;

    /// <summary>More transactions than a server has connections.</summary>
    private const int MaxInProgress = 10_000;

    [NonSerialized]
    private Bounds? _bounds;

    private Bounds Parsed => _bounds ??= Bounds.Parse(Snapshot);

    /// <summary>Returns whether PostgreSQL could have written this position. A client names its own.</summary>
    public bool IsValid() =>
        Timeline is { Length: > 0 and <= MaxTimelineLength } && Timeline.All(char.IsAsciiHexDigit)
        && Snapshot is not null && Bounds.TryParse(Snapshot, out _);

    /// <summary>Returns whether a transaction that has committed is part of this position.</summary>
    /// <param name="transaction">The id of the transaction, on the timeline of this position.</param>
    public bool Contains(ulong transaction) => Parsed.Contains(transaction);

    /// <summary>Returns whether this position contains every transaction that the other one contains.</summary>
    public bool Covers(LogPosition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Timeline == other.Timeline && (Snapshot == other.Snapshot || Parsed.Covers(other.Parsed));
    }

    /// <summary>Compares timelines and snapshots.</summary>
    public bool Equals(LogPosition? other) =>
        other is not null && Timeline == other.Timeline && Snapshot == other.Snapshot;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Timeline, Snapshot);

    private sealed record Bounds(ulong Xmin, ulong Xmax, ulong[] InProgress)
    {
        public static Bounds Parse(string snapshot) =>
            TryParse(snapshot, out var bounds) ? bounds : throw new FormatException("The text is not a snapshot.");

        public static bool TryParse(string snapshot, [NotNullWhen(true)] out Bounds? bounds)
        {
            bounds = null;
            var parts = snapshot.Split(':', 4);
            if (parts.Length != 3
                || !TryParseId(parts[0], out var xmin)
                || !TryParseId(parts[1], out var xmax)
                || xmin == 0
                || xmin > xmax)
                return false;

            var texts = parts[2].Length == 0 ? [] : parts[2].Split(',', MaxInProgress + 1);
            if (texts.Length > MaxInProgress) return false;
            var inProgress = new ulong[texts.Length];
            for (var i = 0; i < texts.Length; i++)
            {
                // Ascending, each from xmin to before xmax.
                if (!TryParseId(texts[i], out inProgress[i])
                    || inProgress[i] < xmin
                    || inProgress[i] >= xmax
                    || (i > 0 && inProgress[i] <= inProgress[i - 1]))
                    return false;
            }

            bounds = new Bounds(xmin, xmax, inProgress);
            return true;
        }

        public bool Contains(ulong transaction) =>
            transaction < Xmin || (transaction < Xmax && Array.BinarySearch(InProgress, transaction) < 0);

        public bool Covers(Bounds other)
        {
            if (Array.Exists(InProgress, other.Contains)) return false;
            if (other.Xmax <= Xmax) return true;

            // The other position must contain none of the transactions that had not begun for this one.
            var unseen = other.Xmax - Xmax;
            return (ulong)other.InProgress.Count(transaction => transaction >= Xmax) == unseen;
        }

        private static bool TryParseId(string text, out ulong id) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}

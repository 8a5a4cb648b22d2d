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
    [NonSerialized]
    private Bounds? _bounds;

    private Bounds Parsed => _bounds ??= Bounds.Parse(Snapshot);

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
        public static Bounds Parse(string snapshot)
        {
            var parts = snapshot.Split(':');
            if (parts.Length != 3) throw new FormatException("A snapshot has three parts.");
            ulong[] inProgress = parts[2].Length == 0 ? [] : [.. parts[2].Split(',').Select(ParseId).Order()];
            return new Bounds(ParseId(parts[0]), ParseId(parts[1]), inProgress);
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

        private static ulong ParseId(string text) =>
            ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}

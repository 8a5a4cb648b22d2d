using System.Data.Common;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;

namespace KeysCluster.Silo.Storage;

/// <summary>Reads the table <c>KeysEvent</c> in rounds, each of which ends with the events of one snapshot.</summary>
internal abstract class EventStore(DbDataSource dataSource, string serviceId, EventDialect dialect) : IEventStore
{
    /// <summary>The maximum number of characters of the texts of a page, apart from its last event.</summary>
    internal const int MaxPageCharacters = 1 << 20;

    /// <summary>The largest page, which is a limit of the API.</summary>
    private const int MaxLimit = 200;

    /// <summary>How many of the events at a time are compared to find the lowest of their positions.</summary>
    private const int ResumedRows = 1000;

    /// <summary>Sorts before every time, and after every time.</summary>
    private const string BeforeAll = "";
    private const string AfterAll = "~";

    /// <summary>How far back a reader resumes whose position is from another server or timeline.</summary>
    private static readonly TimeSpan RepeatedTime = TimeSpan.FromHours(1);

    public async Task<EventPage> ReadAsync(
        string? project, EventFilter filter, EventPosition? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var (timeline, now) = await TakeSnapshotAsync(connection, cancellationToken);
        var start = after switch
        {
            null or { Since: null, Until: null } => Begin(timeline, since: null, now, filter),
            _ when !IsSameTimeline(after, timeline, now) =>
                await ResumeAsync(connection, after, timeline, now, filter, cancellationToken),
            { Until: null } => Begin(timeline, after.Since, now, filter),
            _ => after,
        };

        var page = await ReadPageAsync(connection, project, filter, start, limit, cancellationToken);
        if (after?.Until is null || page is not { Events: [], HasMore: false, Next: not null }) return page;

        // The position was that of the last event of a round.
        return await ReadPageAsync(
            connection, project, filter, Begin(timeline, start.Until, now, filter), limit, cancellationToken);
    }

    public async Task<int?> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await TryLockDeletionAsync(connection, transaction, cancellationToken)) return null;

        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = dialect.DeleteOldSql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Before", UtcMillisecondJsonConverter.Format(before));
        command.AddParameter("@Limit", limit);
        var deleted = Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), null);
        await transaction.CommitAsync(cancellationToken);
        return deleted;
    }

    /// <summary>Returns the current snapshot, and the timeline that it belongs to.</summary>
    protected abstract Task<(string Timeline, EventSnapshot Snapshot)> TakeSnapshotAsync(
        DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Returns whether the events that were visible at a position are those that a snapshot shows.</summary>
    protected abstract bool IsSameTimeline(EventPosition position, string timeline, EventSnapshot now);

    /// <summary>Locks the deletion of events for the transaction; false if another process has the lock.</summary>
    protected abstract Task<bool> TryLockDeletionAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    private static EventPosition Begin(
        string timeline, EventSnapshot? since, EventSnapshot until, EventFilter filter) => new(
        timeline,
        since,
        until,
        Last: filter.IsDescending ? long.MaxValue : 0,
        LastAt: since is not null || !filter.IsSortedByTime ? null : filter.IsDescending ? AfterAll : BeforeAll);

    /// <summary>
    /// Begins a round for a reader whose snapshots cannot be compared with those of this server. The reader may miss no
    /// event that it has not received, so it receives those of the last hour again. Positions outlast a failover and a
    /// restore, but are assigned again to the changes after a restore to an earlier time.
    /// </summary>
    private async Task<EventPosition> ResumeAsync(
        DbConnection connection,
        EventPosition after,
        string timeline,
        EventSnapshot now,
        EventFilter filter,
        CancellationToken cancellationToken)
    {
        if (filter.IsDescending) return after with { Timeline = timeline, Until = now };
        var start = Begin(timeline, since: null, now, filter);
        var isInFirstRound = after.Since is null;
        var repeatFrom = UtcMillisecondJsonConverter.Format((after.Since ?? after.Until!).Time - RepeatedTime);
        if (filter.IsSortedByTime)
        {
            return isInFirstRound && string.CompareOrdinal(after.LastAt, repeatFrom) < 0
                ? start with { Last = after.Last, LastAt = after.LastAt }
                : start with { LastAt = repeatFrom };
        }

        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT MIN(Position) FROM (
                SELECT Position FROM KeysEvent
                WHERE ServiceId = @ServiceId AND At{dialect.Collation} >= @At
                ORDER BY At{dialect.Collation}
                LIMIT {ResumedRows}) e
            """;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@At", repeatFrom);
        var first = await command.ExecuteScalarAsync(cancellationToken) as long?;
        var last = first - 1 ?? now.LastPosition;
        return start with { Last = isInFirstRound ? Math.Min(last, after.Last) : last };
    }

    /// <summary>Merges slices of a round up to the position at which the first of them is cut off.</summary>
    private static EventPage CreatePage(List<Slice> slices, EventPosition start, EventFilter filter, int limit)
    {
        // Only a round that is sorted by position in ascending order has several.
        var end = slices.Select(slice => slice.End).OfType<RecordedEvent>().MinBy(last => last.Position);
        var events = slices is [var only]
            ? only.Events
            : [.. slices.SelectMany(slice => slice.Events)
                .Where(recorded => end is null || recorded.Position <= end.Position)
                .OrderBy(recorded => recorded.Position)];
        if (events.Count > limit)
        {
            events.RemoveRange(limit, events.Count - limit);
            end = events[^1];
        }

        EventPosition? next;
        if (end is not null)
            next = start with { Last = end.Position, LastAt = start.LastAt is null ? null : end.At };
        else if (filter.IsDescending) next = null;
        else next = new EventPosition(start.Timeline, Since: start.Until, Until: null);
        return new EventPage(events, start, next, HasMore: end is not null);
    }

    private async Task<EventPage> ReadPageAsync(
        DbConnection connection,
        string? project,
        EventFilter filter,
        EventPosition start,
        int limit,
        CancellationToken cancellationToken)
    {
        var query = new EventQuery(dialect, project, filter, start);
        var slices = new List<Slice>
        {
            await ReadSliceAsync(connection, query.GetSql(limit + 1), query, limit, cancellationToken),
        };
        if (start.Since is { FirstUnassigned: > 0 })
        {
            slices.Add(
                await ReadSliceAsync(connection, query.GetLateSql(limit + 1), query, limit, cancellationToken));
        }

        return CreatePage(slices, start, filter, limit);
    }

    private async Task<Slice> ReadSliceAsync(
        DbConnection connection, string sql, EventQuery query, int limit, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        foreach (var (name, value) in query.Parameters) command.AddParameter(name, value);

        var events = new List<RecordedEvent>();
        var characters = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var recorded = ReadEvent(reader);
            var isMatch = reader.GetBoolean(14);
            if (isMatch) events.Add(recorded);
            characters += recorded.Changes?.Length ?? 0;

            // The event after the limit shows that there are more.
            if (reader.GetInt64(15) == EventQuery.MaxScannedRows
                || events.Count > limit
                || characters >= MaxPageCharacters)
                return new Slice(events, recorded);
        }

        return new Slice(events, End: null);
    }

    private static RecordedEvent ReadEvent(DbDataReader reader)
    {
        var stateName = reader.GetString(1);
        return new RecordedEvent
        {
            Position = reader.GetInt64(0),
            Type = PublicEventTypes.Format(stateName, reader.GetString(5)),
            ProjectId = reader.GetString(3),
            VirtualKeyId = stateName == StorageNames.VirtualKey ? reader.GetString(2) : null,
            Revision = reader.GetInt64(4),
            SecretId = GetText(11),
            ActorKind = GetText(6),
            ActorId = GetText(7),
            ActorName = reader.GetString(8),
            RequestId = GetText(9),
            SourceAddress = GetText(10),
            Changes = GetText(12),
            At = reader.GetString(13),
        };

        string? GetText(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>A part of a page.</summary>
    /// <param name="Events">The events, in the order of the list.</param>
    /// <param name="End">The last event that was read; null if there is none after it.</param>
    private sealed record Slice(List<RecordedEvent> Events, RecordedEvent? End);
}

using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// The SQL that selects a page of a round of events. It reads a range of the one index that fits the filter best, in
/// the order of the index, and compares the other conditions row by row. A page ends after
/// <see cref="MaxScannedRows"/>, so it costs the same at any size of the table, even when few events match.
/// </summary>
internal sealed class EventQuery
{
    internal const int MaxScannedRows = 20_000;

    /// <summary>The expression that is indexed for actors.</summary>
    private const string Actor = "COALESCE(e.ActorId, e.Actor)";

    private const string Columns = """
        e.Position, e.StateName, e.Id, e.ProjectId, e.Revision, e.Type, e.ActorKind, e.ActorId, e.Actor, e.RequestId,
        e.SourceAddress, e.SecretId, e.Changes, e.At
        """;

    private readonly List<(string Name, object Value)> _parameters = [];

    /// <summary>The conditions that the index answers, or that almost every row of its range satisfies.</summary>
    private readonly List<string> _range = ["e.ServiceId = @ServiceId"];

    private readonly List<string> _others = [];
    private readonly EventDialect _dialect;
    private readonly EventPosition _position;

    /// <param name="dialect">The database.</param>
    /// <param name="project">The id of the project; null for all projects.</param>
    /// <param name="filter">Selects the events.</param>
    /// <param name="position">A position within a round.</param>
    public EventQuery(EventDialect dialect, string? project, EventFilter filter, EventPosition position)
    {
        _dialect = dialect;
        IsDescending = filter.IsDescending;
        IsSortedByTime = position.LastAt is not null;
        _position = IsSortedByTime ? Clamp(position, filter) : position;
        var conditions = AddFilter(project, filter);
        var indexed = FindIndexed(project, filter);
        _range.AddRange(conditions.Where(condition => condition.Key == indexed || condition.Key == Index.Project)
            .Select(condition => condition.Sql));
        _others.AddRange(conditions.Where(condition => condition.Key != indexed && condition.Key != Index.Project)
            .Select(condition => condition.Sql));
        Filter = string.Join(" AND ", _range.Concat(_others));
        AddPosition();
    }

    private enum Index
    {
        Project,
        VirtualKey,
        Time,
        Type,
        Actor,
    }

    public IReadOnlyList<(string Name, object Value)> Parameters => _parameters;

    private bool IsDescending { get; }

    private bool IsSortedByTime { get; }

    /// <summary>The conditions of the filter alone.</summary>
    private string Filter { get; }

    private string Order
    {
        get
        {
            var direction = IsDescending ? " DESC" : "";
            return IsSortedByTime
                ? $"e.At{_dialect.Collation}{direction}, e.Position{direction}"
                : $"e.Position{direction}";
        }
    }

    /// <summary>
    /// Returns the SQL of the page. Its last two columns are whether the event matches, and the number of the row; the
    /// row with the number <see cref="MaxScannedRows"/> is returned even if it does not match.
    /// </summary>
    public string GetSql(int limit)
    {
        var range = string.Join(" AND ", _range);
        if (_others.Count == 0)
        {
            return $"""
                SELECT {Columns}, (1 = 1) AS IsMatch, CAST(0 AS bigint) AS RowNumber
                FROM KeysEvent e
                WHERE {range}
                ORDER BY {Order}
                LIMIT {Format(limit)}
                """;
        }

        return $"""
            SELECT {Columns}, e.IsMatch, e.RowNumber
            FROM (
                SELECT {Columns}, ({string.Join(" AND ", _others)}) AS IsMatch,
                       row_number() OVER (ORDER BY {Order}) AS RowNumber
                FROM KeysEvent e
                WHERE {range}
                ORDER BY {Order}
                LIMIT {Format(MaxScannedRows)}) e
            WHERE e.IsMatch OR e.RowNumber = {Format(MaxScannedRows)}
            ORDER BY {Order}
            LIMIT {Format(limit)}
            """;
    }

    /// <summary>
    /// Returns the SQL of those events of a later round whose transactions were in progress when the round before it
    /// began. There are few, and they may have lower positions than events of that round.
    /// </summary>
    public string GetLateSql(int limit) => $"""
        WITH late AS MATERIALIZED (
            SELECT * FROM KeysEvent
            WHERE ServiceId = @ServiceId
              AND (Xid = ANY(@InProgress::text[]::xid8[])
                OR (Xid >= @FirstIncomplete::xid8 AND Xid < @FirstUnassigned::xid8)))
        SELECT {Columns}, (1 = 1) AS IsMatch, CAST(0 AS bigint) AS RowNumber
        FROM late e
        WHERE {Filter} AND e.Position > @Last AND {_dialect.VisibleSql}
        ORDER BY e.Position
        LIMIT {Format(limit)}
        """;

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the later one of a position and the beginning of the time that the filter selects.</summary>
    private static EventPosition Clamp(EventPosition position, EventFilter filter)
    {
        if ((filter.IsDescending ? filter.To : filter.From) is not { } time) return position;
        var bound = UtcMillisecondJsonConverter.Format(time);
        var order = string.CompareOrdinal(position.LastAt, bound);

        // Positions begin with 1: (time, 0) is before every event of this time.
        return (filter.IsDescending ? order > 0 : order < 0) ? position with { LastAt = bound, Last = 0 } : position;
    }

    /// <summary>Time is the first choice, because it usually selects least, except for the events of one key.</summary>
    private Index FindIndexed(string? project, EventFilter filter)
    {
        if (filter.VirtualKeyId is not null) return Index.VirtualKey;
        if (IsSortedByTime) return Index.Time;
        if (project is null) return Index.Project;
        return filter.Actor is not null ? Index.Actor : filter.Type is not null ? Index.Type : Index.Project;
    }

    private List<(Index Key, string Sql)> AddFilter(string? project, EventFilter filter)
    {
        var conditions = new List<(Index Key, string Sql)>();
        if (project is not null) Add(Index.Project, "e.ProjectId = @ProjectId", "@ProjectId", project);
        if (filter.VirtualKeyId is { } key)
        {
            _parameters.Add(("@VirtualKey", StorageNames.VirtualKey));
            Add(Index.VirtualKey, "e.StateName = @VirtualKey AND e.Id = @Id", "@Id", key.ToString());
        }

        // PostgreSQL begins its scan at one of several bounds of a column, so the position is the only one at its side.
        if (filter.From is { } from && (!IsSortedByTime || IsDescending)) AddTime(">=", "@From", from);
        if (filter.To is { } to && (!IsSortedByTime || !IsDescending)) AddTime("<", "@To", to);
        if (filter.Actor is { } actor)
            Add(Index.Actor, $"{Actor}{_dialect.Collation} = @Actor", "@Actor", actor);
        if (filter.Type is { } text)
        {
            // No index is needed to find nothing.
            if (!PublicEventTypes.TryParse(text, out var stateName, out var type)) _range.Add("1 = 0");
            _parameters.Add(("@StateName", stateName));
            Add(Index.Type, $"e.StateName = @StateName AND e.Type{_dialect.Collation} = @Type", "@Type", type);
        }

        return conditions;

        void Add(Index index, string sql, string name, string value)
        {
            conditions.Add((index, sql));
            _parameters.Add((name, value));
        }

        void AddTime(string comparison, string name, DateTimeOffset time) => Add(
            Index.Time,
            $"e.At{_dialect.Collation} {comparison} {name}",
            name,
            UtcMillisecondJsonConverter.Format(time));
    }

    private void AddPosition()
    {
        _parameters.AddRange(_dialect.GetParameters(_position));
        _range.Add(_dialect.VisibleSql);
        _parameters.Add(("@Until", _position.Until!.LastPosition));
        _parameters.Add(("@Last", _position.Last));
        if (IsSortedByTime)
        {
            _parameters.Add(("@LastAt", _position.LastAt!));
            _range.Add($"(e.At{_dialect.Collation}, e.Position) {(IsDescending ? '<' : '>')} (@LastAt, @Last)");

            // Newer events are a part of the index range.
            _others.Add("e.Position <= @Until");
            return;
        }

        _range.Add(IsDescending ? "e.Position < @Last AND e.Position <= @Until"
            : "e.Position > @Last AND e.Position <= @Until");
        if (_position.Since is not { } since) return;
        _range.Add($"e.Position > @Since AND {_dialect.LaterSql}");
        _parameters.Add(("@Since", since.LastPosition));
    }
}

using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// The SQL that selects a page of the virtual keys that match a filter. Each filter has an index of
/// <c>KeysVirtualKey</c> or <c>KeysRetiringKey</c> that starts with it and ends with the order of the list. The keys
/// without retiring secrets are those of <c>KeysNotRetiringKey</c>, and of <c>KeysRetiringKey</c> after the deadline.
/// </summary>
/// <remarks>
/// A deadline passes without a write, so no index contains exactly the keys without retiring secrets. The erasure of a
/// secret moves its key to <c>KeysNotRetiringKey</c> soon after the deadline. Until then, the query finds it by the
/// deadline, in a second range of the length of that backlog.
/// </remarks>
internal sealed class VirtualKeyQuery
{
    /// <summary>The last character of Unicode, as often as it fits into a name: no name is after it.</summary>
    private static readonly string AfterAll = string.Concat(Enumerable.Repeat("\U0010FFFF", 64));

    private static readonly VirtualKeyFilter NotRetiring = new() { HasRetiringSecrets = false };

    private readonly List<(string Name, object Value)> _parameters = [];
    private readonly StringBuilder _conditions = new("k.ServiceId = @ServiceId AND k.ProjectId = @Owner");

    public VirtualKeyQuery(VirtualKeyFilter filter, IndexPosition? after, DateTimeOffset now)
    {
        var isDescending = filter.Order == VirtualKeyOrder.CreatedAt;
        var column = filter.Order switch
        {
            VirtualKeyOrder.Name => "k.Name",
            VirtualKeyOrder.ExpiresAt => "k.ExpiresAt",
            VirtualKeyOrder.RetiringUntil => "r.RetiringUntil",
            _ => "k.CreatedAt",
        };
        var id = filter.Order == VirtualKeyOrder.RetiringUntil ? "r.Id" : "k.Id";

        AddEquality("k.ExternalId", "@ExternalId", filter.ExternalId);
        AddEquality("k.Status", "@Status", GetName(filter.Status));
        AddEquality("k.Environment", "@Environment", GetName(filter.Environment));
        AddEquality("k.PrincipalUserId", "@PrincipalUserId", filter.PrincipalUserId);
        if (filter.NamePrefix is { } prefix)
        {
            Add("k.Name >= @NamePrefix", "@NamePrefix", prefix);
            Add("k.Name <= @NameEnd", "@NameEnd", prefix + AfterAll);
        }

        if (filter.ExpiresBefore is { } before)
            Add("k.ExpiresAt < @ExpiresBefore", "@ExpiresBefore", UtcMillisecondJsonConverter.Format(before));
        AddRetiring(filter.HasRetiringSecrets, UtcMillisecondJsonConverter.Format(now));
        if (after is { } position)
        {
            var sortText = position.SortText ?? UtcMillisecondJsonConverter.Format(position.CreatedAt);
            Add($"({column}, {id}) {(isDescending ? '<' : '>')} (@SortText, @Id)", "@SortText", sortText);
            _parameters.Add(("@Id", position.Id));
        }

        var direction = isDescending ? " DESC" : "";
        var page = filter == NotRetiring
            ? GetNotRetiringPage(isFirst: after is null)
            : $"""
                SELECT k.CreatedAt, k.Id, {column} AS SortText
                FROM KeysVirtualKey k{Join}
                WHERE {_conditions}
                ORDER BY {column}{direction}, {id}{direction}
                LIMIT @Limit
                """;
        Sql = $"""
            SELECT i.CreatedAt, i.Id, s.Payload, p.SortText
            FROM (
                {page}) p
            JOIN KeysStateIndex i
                ON i.ServiceId = @ServiceId AND i.StateName = @StateName AND i.Owner = @Owner
                AND i.CreatedAt = p.CreatedAt AND i.Id = p.Id
            {StateIndex.StateJoin}
            ORDER BY p.SortText{direction}, i.Id{direction}
            """;
    }

    public string Sql { get; }

    public IReadOnlyList<(string Name, object Value)> Parameters => _parameters;

    private string Join { get; set; } = "";

    /// <summary>
    /// Returns the page of all keys without retiring secrets, with the parameters that the same conditions have in
    /// other pages. A row of <c>KeysNotRetiringKey</c> may be out of date after an upgrade, so it is compared with the
    /// other tables. Scalar subqueries compare one key at a time. PostgreSQL could turn EXISTS and joins into a scan of
    /// a table, by statistics from before the deadlines passed.
    /// </summary>
    private static string GetNotRetiringPage(bool isFirst)
    {
        const string key = "k.ServiceId = @ServiceId AND k.ProjectId = @Owner";
        const string retiringKey = "r.ServiceId = @ServiceId AND r.ProjectId = @Owner";
        const string after = "(CreatedAt, Id) < (@SortText, @Id)";
        const string order = "ORDER BY CreatedAt DESC, Id DESC LIMIT @Limit";
        return $"""
            SELECT CreatedAt, Id, CreatedAt AS SortText
            FROM (
                SELECT * FROM (
                    SELECT n.CreatedAt, n.Id
                    FROM KeysNotRetiringKey n
                    WHERE n.ServiceId = @ServiceId AND n.ProjectId = @Owner {(isFirst ? "" : "AND " + after)}
                      AND (SELECT k.Id FROM KeysVirtualKey k WHERE {key} AND k.Id = n.Id) IS NOT NULL
                      AND (SELECT r.Id FROM KeysRetiringKey r WHERE {retiringKey} AND r.Id = n.Id) IS NULL
                    {order}) not_retiring
                UNION ALL
                SELECT * FROM (
                    SELECT (SELECT k.CreatedAt FROM KeysVirtualKey k WHERE {key} AND k.Id = r.Id) AS CreatedAt, r.Id
                    FROM KeysRetiringKey r
                    WHERE {retiringKey} AND r.RetiringUntil <= @Now) expired
                WHERE CreatedAt IS NOT NULL {(isFirst ? "" : "AND " + after)}) either
            {order}
            """;
    }

    private static string? GetName<T>(T? value)
        where T : struct, Enum =>
        value is { } name ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()) : null;

    private void AddRetiring(bool? hasRetiringSecrets, string now)
    {
        if (hasRetiringSecrets is not { } isRetiring) return;

        // PostgreSQL estimates a join on several columns far too low, and would then not use the order of the index.
        const string sameKey = "r.ServiceId = @ServiceId AND r.ProjectId = @Owner AND r.Id = k.Id";
        if (isRetiring)
        {
            Join = $" JOIN KeysRetiringKey r ON {sameKey}";
            Add("r.RetiringUntil > @Now", "@Now", now);
        }
        else
        {
            Add(
                $"NOT EXISTS (SELECT 1 FROM KeysRetiringKey r WHERE {sameKey} AND r.RetiringUntil > @Now)",
                "@Now",
                now);
        }
    }

    private void AddEquality(string column, string name, string? value)
    {
        if (value is not null) Add($"{column} = {name}", name, value);
    }

    private void Add(string condition, string name, string value)
    {
        _conditions.Append(" AND ").Append(condition);
        _parameters.Add((name, value));
    }
}
